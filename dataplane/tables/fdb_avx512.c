// SPDX-License-Identifier: BSD-3-Clause
// fdb_match_scalar() in AVX-512: a bucket is one register, one compare, one mask.
#include <immintrin.h>

#include "dataplane/tables/fdb_table.h"

#define AVX512 __attribute__((target("avx512f,avx512dq,avx512vl"), no_sanitize_thread))

enum { LANES = 8 };

static inline __mmask8 lanes_of(uint32_t n)
{
	return (__mmask8)(n < LANES ? (1u << n) - 1 : UINT8_MAX);
}

// fdb_bucket() of the addresses of "lanes".
AVX512 static inline __m512i locate(const struct fdb *fdb, uint32_t multiplier, const mac_t *macs,
				    __mmask8 lanes)
{
	__m512i mac = _mm512_maskz_loadu_epi64(lanes, macs);
	__m512i low = _mm512_mul_epu32(mac, _mm512_set1_epi64(fdb->low));
	__m512i high = _mm512_mul_epu32(_mm512_srli_epi64(mac, 32), _mm512_set1_epi64(fdb->high));
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

// Which words are 0.
AVX512 static uint64_t find_zeros(const uint64_t *words, uint32_t n)
{
	uint64_t zeros = 0;

	for (uint32_t i = 0; i < n; i += LANES) {
		__mmask8 lanes = lanes_of(n - i);
		__m512i some = _mm512_maskz_loadu_epi64(lanes, &words[i]);

		zeros |= (uint64_t)_mm512_mask_testn_epi64_mask(lanes, some, some) << i;
	}
	return zeros;
}

AVX512 uint64_t fdb_match_avx512(const struct fdb *fdb, uint32_t multiplier,
				 struct fdb_burst *burst)
{
	const fdb_word_t **buckets = burst->buckets;
	const mac_t *macs = burst->macs;
	uint64_t *words = burst->words; // a vector may be stored anywhere, also into *burst
	uint32_t n = burst->n;

	for (uint32_t i = 0; i < n; i += LANES) {
		__m512i located = locate(fdb, multiplier, &macs[i], lanes_of(n - i));

		_mm512_store_si512((void *)&buckets[i], located);
		for (uint32_t j = i; j < i + LANES && j < n; j++)
			__builtin_prefetch((const void *)buckets[j]);
	}
	for (uint32_t i = 0; i < n; i++)
		_mm_storel_epi64((__m128i *)&words[i], match_bucket(buckets[i], macs[i]));
	return find_zeros(words, n);
}
