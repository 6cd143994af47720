// SPDX-License-Identifier: BSD-3-Clause
// fdb_match_scalar() in AVX-512: a bucket is one register, one compare, one mask.
#include <immintrin.h>

#include "dataplane/tables/fdb_table.h"

__attribute__((target("avx512f,avx512dq,avx512vl"), no_sanitize_thread)) void fdb_match_avx512(
	const fdb_word_t **buckets, const mac_t *macs, uint32_t n, uint64_t *words)
{
	const __m512i mask = _mm512_set1_epi64(MAC_MASK);

	for (uint32_t i = 0; i < n; i++) {
		__m512i bucket = _mm512_load_si512((const void *)buckets[i]);
		__m512i differs = _mm512_xor_si512(bucket, _mm512_set1_epi64((long long)macs[i]));
		__mmask8 is = _mm512_testn_epi64_mask(differs, mask);
		__m512i found = _mm512_maskz_compress_epi64(is, bucket);

		words[i] = (uint64_t)_mm_cvtsi128_si64(_mm512_castsi512_si128(found));
	}
}
