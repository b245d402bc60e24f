#include "overlap_save.hpp"

template class spliceai::OverlapSave<16, 8>;
template class spliceai::OverlapSave<16, 10>;
