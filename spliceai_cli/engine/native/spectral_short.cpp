#include "overlap_save.hpp"

template class spliceai::OverlapSave<4, 8>;
template class spliceai::OverlapSave<6, 8>;
template class spliceai::OverlapSave<8, 8>;
template class spliceai::OverlapSave<10, 8>;
template class spliceai::OverlapSave<12, 8>;
