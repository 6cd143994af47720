// SPDX-License-Identifier: BSD-3-Clause
// What the generator can do, each a file test_*.c: it sends, and adds what it found to the report.
//
// The names are those of RFC 2544 and RFC 2889. Where there is no wire, there is no speed of a
// wire: a frame that finds no room in the ring to the switch is lost, as it would be where a NIC
// has no descriptor left, and all rates are frames per second.
#pragma once

#include "tests/bench/options.h"
#include "tests/bench/report.h"
#include "tests/bench/run.h"

struct test {
	const struct options *o;
	struct traffic *traffic;
	struct rte_mempool *frames;
	struct run *run; // of the traffic; all its ports have received something
};

// As fast as the switch takes frames, or at a rate.
void test_load(struct test *t);

// RFC 2544: throughput, latency, back-to-back frames, system recovery.
void test_rfc2544(struct test *t);

// Latency at 10 000, 100 000 and 500 000 frames a second in all.
void test_latency_at_rates(struct test *t);

// RFC 2889, 5.1 and 5.2: throughput and forwarding rates of the pattern.
void test_forwarding(struct test *t);

// RFC 2889, 5.5: does a port that gets too much cost another one anything? Four ports.
void test_congestion(struct test *t);

// RFC 2889, 5.6: what happens to more than the next link takes?
void test_pressure(struct test *t);

// RFC 2889, 5.7: how many addresses are known, of --stations at most. Three ports.
void test_caching(struct test *t);

// RFC 2889, 5.8: how fast --stations new addresses are learned. Three ports.
void test_learning(struct test *t);

// RFC 2889, 5.9: are frames in error forwarded?
void test_errored(struct test *t);

// RFC 2889, 5.10: throughput and latency of broadcasts from one port to all others.
void test_broadcast(struct test *t);

// What questions for random addresses by port 2 cost ports 0 and 1, and whether everybody else's
// are answered. "--size" is above that of any question.
void test_questions(struct test *t);

// What a frame waits for in a switch that sleeps: frames of port 0 alone, so far apart (--rate, 250
// a second unless said) that it falls asleep in between; before that, silence.
void test_wake(struct test *t);

// --- what they share ---

// Let each station send, slowly, so that the switch learns them all.
void test_learn_stations(struct test *t);

// A trial: frames at a rate, on a wire, and what became of them.
struct trial {
	double offered;	  // frames per second; less than wanted if the generator was away
	double forwarded; // frames per second
	uint64_t sent;	  // refused ones included
	int64_t lost;
	double stolen; // part of the time
	bool is_void;  // the generator was away for so long that rings ran over
};

// "copies" is how many ports each frame comes out of. rate 0: as fast as the generator can. Ends
// after "frames" of each port, if that is not 0.
struct trial test_try(struct test *t, double rate, double seconds, uint64_t frames,
		      uint16_t copies);

// Search for the highest rate at which not more than "loss" of all frames are lost, between 0 and
// "most". Frames per second.
double test_throughput(struct test *t, double loss, double most, uint16_t copies);

// The latency at a rate, into the report.
void test_latency(struct test *t, const char *name, double rate);
