// SPDX-License-Identifier: BSD-3-Clause
// fdb_match_scalar() in AVX2: four addresses a round, each with two compares of four words.
//
// Where two words match (two workers learned one address at the same moment) either is right, but
// never a mixture of both: so words are chosen here, not merged.
#include <immintrin.h>

#include "dataplane/tables/fdb_table.h"

#define AVX2 __attribute__((target("avx2"), no_sanitize_thread))

enum { LANES = 4 };

// fdb_bucket() of four addresses.
AVX2 static inline __m256i locate(const struct fdb *fdb, uint32_t multiplier, const mac_t *macs)
{
	__m256i mac = _mm256_loadu_si256((const __m256i *)macs);
	__m256i low = _mm256_mul_epu32(mac, _mm256_set1_epi64x(fdb->low));
	__m256i high = _mm256_mul_epu32(_mm256_srli_epi64(mac, 32), _mm256_set1_epi64x(fdb->high));
	__m256i sum = _mm256_add_epi64(low, high);
	__m256i hash = _mm256_xor_si256(sum, _mm256_srli_epi64(sum, 32));
	__m256i place;

	hash = _mm256_xor_si256(hash, _mm256_srli_epi32(hash, 15));
	hash = _mm256_mul_epu32(hash, _mm256_set1_epi64x(multiplier));
	place = _mm256_srli_epi64(_mm256_mul_epu32(hash, _mm256_set1_epi64x(fdb->n_buckets)), 32);
	return _mm256_add_epi64(_mm256_set1_epi64x((long long)(uintptr_t)fdb->words),
				_mm256_slli_epi64(place, 6));
}

// The words of "first" that are not 0, else those of "second".
AVX2 static inline __m256i choose(__m256i first, __m256i second)
{
	return _mm256_blendv_epi8(first, second, _mm256_cmpeq_epi64(first, _mm256_setzero_si256()));
}

// The matching word of a bucket, in one lane or other; 0 in the rest.
AVX2 static inline __m256i match_bucket(const fdb_word_t *bucket, const mac_t *mac)
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

// The words of two addresses: of lanes 0 and 1, then of lanes 2 and 3.
AVX2 static inline __m256i fold(__m256i a, __m256i b)
{
	return choose(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
}

AVX2 static inline __m256i match_four(const fdb_word_t *const *buckets, const mac_t *macs)
{
	__m256i ab = fold(match_bucket(buckets[0], &macs[0]), match_bucket(buckets[1], &macs[1]));
	__m256i cd = fold(match_bucket(buckets[2], &macs[2]), match_bucket(buckets[3], &macs[3]));

	return choose(_mm256_permute2x128_si256(ab, cd, 0x20),
		      _mm256_permute2x128_si256(ab, cd, 0x31));
}

AVX2 static inline uint32_t zero_lanes(__m256i words)
{
	__m256i zero = _mm256_cmpeq_epi64(words, _mm256_setzero_si256());

	return (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(zero));
}

AVX2 uint64_t fdb_match_avx2(const struct fdb *fdb, uint32_t multiplier, struct fdb_burst *burst)
{
	const fdb_word_t **buckets = burst->buckets;
	const mac_t *macs = burst->macs;
	uint64_t *words = burst->words; // a vector may be stored anywhere, also into *burst
	uint32_t whole = burst->n / LANES * LANES;
	uint64_t missing = 0;

	for (uint32_t i = 0; i < whole; i += LANES)
		_mm256_store_si256((__m256i *)&buckets[i], locate(fdb, multiplier, &macs[i]));
	if (fdb->is_far)
		fdb_fetch(buckets, whole);
	for (uint32_t i = 0; i < whole; i += LANES) {
		__m256i found = match_four(&buckets[i], &macs[i]);

		_mm256_storeu_si256((__m256i *)&words[i], found);
		missing |= (uint64_t)zero_lanes(found) << i;
	}
	return whole < burst->n ? missing | fdb_match_rest(fdb, multiplier, burst, whole) : missing;
}
