// Numbers too small for full precision count as zero: a processor takes a hundred times as long for them.
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace spliceai {

// While it lives, its thread reads and writes denormal numbers as zero; then as before.
class DenormalsAsZero {
public:
    DenormalsAsZero() : before_(mode()) { set_mode(before_ | kZero); }
    ~DenormalsAsZero() { set_mode(before_); }
    DenormalsAsZero(const DenormalsAsZero&) = delete;

private:
#if defined(__x86_64__)
    using Mode = unsigned;
    static constexpr Mode kZero = 0x8040;  // of results, and of operands
    static Mode mode() { return _mm_getcsr(); }
    static void set_mode(Mode mode) { _mm_setcsr(mode); }
#elif defined(__aarch64__)
    using Mode = uint64_t;
    static constexpr Mode kZero = uint64_t(1) << 24;
    static Mode mode() {
        Mode mode;
        asm volatile("mrs %0, fpcr" : "=r"(mode));
        return mode;
    }
    static void set_mode(Mode mode) { asm volatile("msr fpcr, %0" : : "r"(mode) : "memory"); }
#else
    using Mode = unsigned;
    static constexpr Mode kZero = 0;
    static Mode mode() { return 0; }
    static void set_mode(Mode) {}
#endif

    const Mode before_;
};

}  // namespace spliceai
