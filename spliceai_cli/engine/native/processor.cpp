// Which instruction sets this processor has. Compiled for any processor of its family.
#include <stdint.h>

#pragma GCC visibility push(default)
// 4, 3 or 2 for x86-64-v4, -v3 or -v2; 1 for a processor of another family; 0 for an older one.
extern "C" int32_t spliceai_processor(void);
#pragma GCC visibility pop

int32_t spliceai_processor(void) {
#if defined(__x86_64__)
    // By features, as compilers differ in the names of levels that they know. They also check that the system saves registers.
    __builtin_cpu_init();
    const bool v2 = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("ssse3") && __builtin_cpu_supports("popcnt");
    const bool v3 = v2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2");
    const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                    __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512vl");
    return v4 ? 4 : v3 ? 3 : v2 ? 2 : 0;
#else
    return 1;
#endif
}
