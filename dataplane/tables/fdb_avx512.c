// SPDX-License-Identifier: BSD-3-Clause
// fdb_match_scalar() in AVX-512: eight addresses a round; a bucket is one register, one compare and
// one mask.
#include <immintrin.h>

#include "dataplane/tables/fdb_table.h"

#define AVX512 __attribute__((target("avx512f,avx512dq,avx512vl"), no_sanitize_thread))

enum { LANES = 8 };

// fdb_bucket() of eight addresses.
AVX512 static inline __m512i locate(const struct fdb *fdb, uint32_t multiplier, __m512i macs)
{
	__m512i low = _mm512_mul_epu32(macs, _mm512_set1_epi64(fdb->low));
	__m512i high = _mm512_mul_epu32(_mm512_srli_epi64(macs, 32), _mm512_set1_epi64(fdb->high));
	__m512i sum = _mm512_add_epi64(low, high);
	__m512i hash = _mm512_xor_si512(sum, _mm512_srli_epi64(sum, 32));
	__m512i place;

	hash = _mm512_xor_si512(hash, _mm512_srli_epi32(hash, 15));
	hash = _mm512_mul_epu32(hash, _mm512_set1_epi64(multiplier));
	place = _mm512_srli_epi64(_mm512_mul_epu32(hash, _mm512_set1_epi64(fdb->n_buckets)), 32);
	return _mm512_add_epi64(_mm512_set1_epi64((long long)(uintptr_t)fdb->words),
				_mm512_slli_epi64(place, 6));
}

// As bucket_search(): the first word that matches, or 0, in the lowest lane.
AVX512 static inline __m128i match_bucket(const fdb_word_t *bucket, mac_t mac)
{
	__m512i line = _mm512_load_si512((const void *)bucket);
	__m512i differs = _mm512_xor_si512(line, _mm512_set1_epi64((long long)mac));
	__mmask8 is = _mm512_testn_epi64_mask(differs, _mm512_set1_epi64(MAC_MASK));

	return _mm512_castsi512_si128(_mm512_maskz_compress_epi64(is, line));
}

// The words of two addresses.
AVX512 static inline __m128i match_two(const fdb_word_t *const *buckets, const mac_t *macs)
{
	return _mm_unpacklo_epi64(match_bucket(buckets[0], macs[0]),
				  match_bucket(buckets[1], macs[1]));
}

AVX512 static inline __m256i match_four(const fdb_word_t *const *buckets, const mac_t *macs)
{
	__m256i two = _mm256_castsi128_si256(match_two(buckets, macs));

	return _mm256_inserti128_si256(two, match_two(buckets + 2, macs + 2), 1);
}

AVX512 static inline __m512i match_eight(const fdb_word_t *const *buckets, const mac_t *macs)
{
	__m512i four = _mm512_castsi256_si512(match_four(buckets, macs));

	return _mm512_inserti64x4(four, match_four(buckets + 4, macs + 4), 1);
}

AVX512 uint64_t fdb_match_avx512(const struct fdb *fdb, uint32_t multiplier,
				 struct fdb_burst *burst)
{
	const fdb_word_t **buckets = burst->buckets;
	const mac_t *macs = burst->macs;
	uint64_t *words = burst->words; // a vector may be stored anywhere, also into *burst
	uint32_t n = burst->n, whole = n / LANES * LANES;
	uint64_t missing = 0;

	for (uint32_t i = 0; i < whole; i += LANES)
		_mm512_store_si512((void *)&buckets[i],
				   locate(fdb, multiplier, _mm512_loadu_si512(&macs[i])));
	if (fdb->is_far)
		fdb_fetch(buckets, whole);
	for (uint32_t i = 0; i < whole; i += LANES) {
		__m512i found = match_eight(&buckets[i], &macs[i]);

		_mm512_storeu_si512(&words[i], found);
		missing |= (uint64_t)_mm512_testn_epi64_mask(found, found) << i;
	}
	return whole < n ? missing | fdb_match_rest(fdb, multiplier, burst, whole) : missing;
}
