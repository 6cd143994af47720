// SPDX-License-Identifier: BSD-3-Clause
#define ALLOW_EXPERIMENTAL_API // rte_prefetch0_write()
#include "dataplane/ports/memif_burst.h"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <rte_branch_prediction.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_memcpy.h>
#include <rte_prefetch.h>

#include "dataplane/ports/memif_driver.h"
#include "dataplane/ports/memif_guard.h"

enum { BURST_MAX = 128, FRAME_LONGEST = UINT16_MAX };

// What a descriptor points to.
struct piece {
	uint8_t *octets;
	uint32_t n;
	bool more; // the frame goes on in the next one
};

// A burst of a queue. Fields that are needed after a fault are volatile.
struct burst {
	struct memif_queue *q;
	struct rte_mbuf **frames;
	uint16_t wanted;
	volatile uint16_t n; // rx: frames that are allocated; tx: that are the peer's
	struct memif_ring *ring;
	uint16_t mask;
	uint32_t region;   // of the last piece, whose memory this is
	uint64_t n_octets; // of memory
	uint8_t *memory;
	struct piece pieces[BURST_MAX];
};

// Not zeroed, as the pieces are many.
static void start(struct burst *burst, void *queue, struct rte_mbuf **frames, uint16_t wanted)
{
	burst->q = queue;
	burst->frames = frames;
	burst->wanted = RTE_MIN(wanted, BURST_MAX);
	burst->n = 0;
	burst->region = MEMIF_REGIONS;
}

static bool find_ring(struct burst *burst)
{
	const struct memif_queue *q = burst->q;

	if (!(memif_find_device(q->ethdev)->flags & MEMIF_CONNECTED))
		return false;
	burst->ring = memif_find_ring(q);
	burst->mask = (uint16_t)((1U << q->log2_ring_size % 16) - 1);
	return burst->ring;
}

static bool find_memory(struct burst *burst, uint32_t region)
{
	const struct memif_region *found = memif_find_region(burst->q->ethdev, region);

	if (!found)
		return false;
	burst->region = region;
	burst->n_octets = found->octets;
	burst->memory = found->memory;
	return true;
}

// False: it points out of the peer's memory.
static inline bool find_piece(struct burst *burst, uint16_t slot, struct piece *piece)
{
	struct memif_descriptor *d = &burst->ring->descriptors[slot & burst->mask];
	uint64_t first = atomic_load_explicit(&d->first, memory_order_relaxed);
	uint32_t at = (uint32_t)atomic_load_explicit(&d->second, memory_order_relaxed);
	uint32_t region = first >> MEMIF_REGION_SHIFT & UINT16_MAX;

	piece->n = (uint32_t)(first >> MEMIF_LENGTH_SHIFT);
	piece->more = first & MEMIF_NEXT;
	if (unlikely(region != burst->region) && !find_memory(burst, region))
		return false;
	piece->octets = burst->memory + at;
	return (uint64_t)at + piece->n <= burst->n_octets;
}

// ---- Receive

// The peer told of frames, and may tell again. What it gave us to be told by may be anything.
static void hear(const struct memif_queue *q, const struct memif_ring *ring)
{
	int fd = memif_interrupt(q);
	uint64_t told;
	struct iovec into = {.iov_base = &told, .iov_len = sizeof(told)};

	if (!(ring->flags & MEMIF_RING_POLLED) && fd >= 0)
		(void)!preadv2(fd, &into, 1, -1, RWF_NOWAIT);
}

static void set_length(struct rte_mbuf *frame, uint32_t length)
{
	frame->data_len = (uint16_t)length;
	frame->pkt_len = length;
}

// Append a piece to a frame, in more mbufs where one has no room left. False: there are none.
static bool append(struct burst *burst, struct rte_mbuf *frame, const struct piece *piece)
{
	for (uint32_t done = 0, n; done < piece->n; done += n) {
		struct rte_mbuf *last = rte_pktmbuf_lastseg(frame);

		if (!rte_pktmbuf_tailroom(last)) {
			last = rte_pktmbuf_alloc(burst->q->pool);
			if (!last)
				return false;
			rte_pktmbuf_chain(frame, last);
		}
		n = RTE_MIN(piece->n - done, (uint32_t)rte_pktmbuf_tailroom(last));
		memcpy(rte_pktmbuf_mtod_offset(last, void *, last->data_len), piece->octets + done,
		       n);
		last->data_len += (uint16_t)n;
		frame->pkt_len += n;
	}
	return true;
}

static void make_empty(struct rte_mbuf *frame)
{
	rte_pktmbuf_free(frame->next);
	frame->next = NULL;
	frame->nb_segs = 1;
	set_length(frame, 0);
}

// Any frame, the first of "waiting" descriptors. Returns how many of them are its own; 0: there is
// no memory.
static uint16_t receive_any(struct burst *burst, uint16_t slot, uint16_t waiting)
{
	struct rte_mbuf *frame = rte_pktmbuf_alloc(burst->q->pool);
	struct piece piece = {.more = true};
	bool is_whole = true;
	uint16_t n = 0;

	if (!frame)
		return 0;
	frame->port = burst->q->ethdev;
	burst->frames[0] = frame;
	burst->n = 1;
	for (; piece.more && n < waiting; n++) {
		is_whole &= find_piece(burst, slot + n, &piece);
		piece.n = RTE_MIN(piece.n, FRAME_LONGEST - frame->pkt_len);
		is_whole = is_whole && append(burst, frame, &piece);
	}
	if (piece.more || !is_whole)
		make_empty(frame);
	return n;
}

// Those of the next frames that are in one piece, up to the first that is not.
static uint16_t find_plain(struct burst *burst, uint16_t slot, uint16_t waiting)
{
	uint16_t room = rte_pktmbuf_data_room_size(burst->q->pool) - RTE_PKTMBUF_HEADROOM;
	uint16_t n = 0;

	for (; n < waiting; n++) {
		struct piece *piece = &burst->pieces[n];

		if (unlikely(!find_piece(burst, slot + n, piece) || piece->more || piece->n > room))
			break;
		rte_prefetch0(piece->octets);
	}
	return n;
}

// Fewer than asked for if there is little memory left.
static uint16_t allocate(struct burst *burst, uint16_t n)
{
	while (n && rte_pktmbuf_alloc_bulk(burst->q->pool, burst->frames, n))
		n /= 2;
	burst->n = n;
	return n;
}

static uint64_t copy_in(struct burst *burst, uint16_t n)
{
	uint64_t octets = 0;

	for (uint16_t i = 0; i < n; i++) {
		struct rte_mbuf *frame = burst->frames[i];
		const struct piece *piece = &burst->pieces[i];

		frame->port = burst->q->ethdev;
		set_length(frame, piece->n);
		rte_memcpy(rte_pktmbuf_mtod(frame, void *), piece->octets, piece->n);
		octets += piece->n;
	}
	return octets;
}

static void receive(void *argument)
{
	struct burst *burst = argument;
	struct memif_queue *q = burst->q;
	uint16_t slot = q->last_head, waiting, used;

	if (!find_ring(burst))
		return;
	hear(q, burst->ring);
	waiting = atomic_load_explicit(&burst->ring->head, memory_order_acquire) - slot;
	waiting = RTE_MIN(waiting, burst->mask + 1);
	if (!waiting)
		return;
	used = find_plain(burst, slot, RTE_MIN(waiting, burst->wanted));
	if (likely(used)) {
		used = allocate(burst, used);
		q->n_octets += copy_in(burst, used);
	} else {
		used = receive_any(burst, slot, waiting);
	}
	atomic_store_explicit(&burst->ring->tail, slot + used, memory_order_release);
	q->last_head = slot + used;
	q->n_frames += burst->n;
}

static uint16_t memif_rx(void *queue, struct rte_mbuf **frames, uint16_t wanted)
{
	struct burst burst;

	start(&burst, queue, frames, wanted);
	if (likely(memif_guard_run(receive, &burst)))
		return burst.n;
	rte_pktmbuf_free_bulk(frames, burst.n); // the peer is gone, and with it what it sent
	return 0;
}

// ---- Transmit

// Let a descriptor have so many octets.
static inline void set_piece(const struct burst *burst, uint16_t slot, uint32_t n, bool more)
{
	struct memif_descriptor *d = &burst->ring->descriptors[slot & burst->mask];
	uint64_t first = atomic_load_explicit(&d->first, memory_order_relaxed);

	first &= (uint64_t)UINT16_MAX << MEMIF_REGION_SHIFT;
	first |= (uint64_t)n << MEMIF_LENGTH_SHIFT | (more ? MEMIF_NEXT : 0);
	atomic_store_explicit(&d->first, first, memory_order_relaxed);
}

// Of the next frames, how many can go as they are, each into one descriptor.
static uint16_t find_rooms(struct burst *burst, uint16_t slot, uint16_t n_free)
{
	uint16_t most = RTE_MIN(burst->wanted, n_free), n = 0;

	for (; n < most; n++) {
		struct piece *piece = &burst->pieces[n];
		const struct rte_mbuf *frame = burst->frames[n];

		if (unlikely(!find_piece(burst, slot + n, piece) ||
			     frame->data_len != frame->pkt_len || piece->n < frame->pkt_len))
			break;
		rte_prefetch0_write(piece->octets);
	}
	return n;
}

static uint64_t copy_out(struct burst *burst, uint16_t slot, uint16_t n)
{
	uint64_t octets = 0;

	for (uint16_t i = 0; i < n; i++) {
		const struct rte_mbuf *frame = burst->frames[i];

		rte_memcpy(burst->pieces[i].octets, rte_pktmbuf_mtod(frame, const void *),
			   frame->data_len);
		set_piece(burst, slot + i, frame->data_len, false);
		octets += frame->data_len;
	}
	return octets;
}

// Any frame, into as many descriptors as it needs. Returns how many; 0: there is no room.
static uint16_t transmit_any(struct burst *burst, uint16_t slot, uint16_t n_free,
			     const struct rte_mbuf *frame)
{
	uint32_t done = 0;
	uint16_t n = 0;

	while (done < frame->pkt_len) {
		struct piece piece;
		const void *octets;

		if (n == n_free || !find_piece(burst, slot + n, &piece) || !piece.n)
			return 0;
		piece.n = RTE_MIN(piece.n, frame->pkt_len - done);
		octets = rte_pktmbuf_read(frame, done, piece.n, piece.octets);
		if (octets != piece.octets)
			memcpy(piece.octets, octets, piece.n);
		done += piece.n;
		set_piece(burst, slot + n++, piece.n, done < frame->pkt_len);
	}
	return n;
}

static void tell(const struct memif_queue *q, const struct memif_ring *ring)
{
	const uint64_t one = 1;
	int fd = memif_interrupt(q);

	if (!(ring->flags & MEMIF_RING_POLLED) && fd >= 0 && memif_never_blocks(fd))
		(void)!write(fd, &one, sizeof(one));
}

static void transmit(void *argument)
{
	struct burst *burst = argument;
	struct memif_queue *q = burst->q;
	uint16_t slot, n_free, n, used;

	if (!find_ring(burst))
		return;
	slot = atomic_load_explicit(&burst->ring->tail, memory_order_relaxed);
	n_free = atomic_load_explicit(&burst->ring->head, memory_order_acquire) - slot;
	n_free = RTE_MIN(n_free, burst->mask + 1);
	n = used = find_rooms(burst, slot, n_free);
	q->n_octets += copy_out(burst, slot, n);
	while (unlikely(n < burst->wanted && used < n_free)) {
		uint16_t more = transmit_any(burst, slot + used, n_free - used, burst->frames[n]);

		if (!more)
			break;
		q->n_octets += burst->frames[n++]->pkt_len;
		used += more;
	}
	if (!used)
		return;
	atomic_store_explicit(&burst->ring->tail, slot + used, memory_order_release);
	burst->n = n;
	q->n_frames += n;
	tell(q, burst->ring);
}

static uint16_t memif_tx(void *queue, struct rte_mbuf **frames, uint16_t n)
{
	struct burst burst;

	start(&burst, queue, frames, n);
	memif_guard_run(transmit, &burst);
	rte_pktmbuf_free_bulk(frames, burst.n);
	return burst.n;
}

void memif_burst_install(uint16_t ethdev)
{
	struct rte_eth_fp_ops *bursts = &rte_eth_fp_ops[ethdev];

	if (!memif_driver_is_known() || memif_find_device(ethdev)->role != MEMIF_SERVER)
		return;
	bursts->rx_pkt_burst = memif_rx;
	bursts->tx_pkt_burst = memif_tx;
}
