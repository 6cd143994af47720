// SPDX-License-Identifier: BSD-3-Clause
// fdb_match_scalar() in AVX2: four addresses a round, each with two compares of four words.
#include <immintrin.h>

#include "dataplane/tables/fdb_table.h"

// Where two words match (two workers learned one address at the same moment) either is right, but
// never a mixture of both: so words are chosen here, not merged.

// The words of "first" that are not 0, else those of "second".
__attribute__((target("avx2"))) static inline __m256i choose(__m256i first, __m256i second)
{
	return _mm256_blendv_epi8(first, second, _mm256_cmpeq_epi64(first, _mm256_setzero_si256()));
}

// The matching word among the lower or upper four of its bucket, in the lane where it stands there;
// 0 in the other lanes.
__attribute__((target("avx2"))) static inline __m256i match_bucket(const fdb_word_t *bucket,
								   const mac_t *mac)
{
	const __m256i mask = _mm256_set1_epi64x(MAC_MASK);
	const __m256i *line = (const __m256i *)bucket;
	__m256i key = _mm256_set1_epi64x((long long)*mac);
	__m256i low = _mm256_load_si256(line);
	__m256i high = _mm256_load_si256(line + 1);
	__m256i low_is = _mm256_cmpeq_epi64(_mm256_and_si256(low, mask), key);
	__m256i high_is = _mm256_cmpeq_epi64(_mm256_and_si256(high, mask), key);

	return _mm256_blendv_epi8(_mm256_and_si256(high, high_is), low, low_is);
}

// One word for each of two addresses: {a, b} of lanes 0 and 1, then {a, b} of lanes 2 and 3.
__attribute__((target("avx2"))) static inline __m256i fold_pair(__m256i a, __m256i b)
{
	return choose(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
}

__attribute__((target("avx2"), no_sanitize_thread)) void fdb_match_avx2(const fdb_word_t **buckets,
									const mac_t *macs,
									uint32_t n, uint64_t *words)
{
	uint32_t i = 0;

	for (; i + 4 <= n; i += 4) {
		__m256i ab = fold_pair(match_bucket(buckets[i], &macs[i]),
				       match_bucket(buckets[i + 1], &macs[i + 1]));
		__m256i cd = fold_pair(match_bucket(buckets[i + 2], &macs[i + 2]),
				       match_bucket(buckets[i + 3], &macs[i + 3]));
		__m256i found = choose(_mm256_permute2x128_si256(ab, cd, 0x20),
				       _mm256_permute2x128_si256(ab, cd, 0x31));

		_mm256_storeu_si256((__m256i *)&words[i], found);
	}
	fdb_match_scalar(buckets + i, macs + i, n - i, words + i);
}
