/* tls_record.h - where TLS records begin in a stream of bytes, and how much
 * application data they can hold (RFC 8446 5.1, the same in RFC 5246 6.2.1: a
 * type, a version, a length of two bytes, then so many bytes).  Judges nothing:
 * that is the library's.  Pure; one thread at a time. */
#ifndef TQ_WEB_TLS_RECORD_H
#define TQ_WEB_TLS_RECORD_H

#include <stddef.h>
#include <stdint.h>

#define TQ_TLS_RECORD_HEAD 5

struct tq_tls_record {		/* all zero at the beginning */
	unsigned n_head;	/* bytes of the record's head so far */
	uint8_t head[TQ_TLS_RECORD_HEAD];
	size_t left;		/* bytes of the record to come */
};

/* Goes on by the n bytes at p.  Returns what the records of application data
 * whose heads ended in them hold, each without overhead bytes: at most that, as
 * a sender may pad. */
uint64_t tq_tls_record_walk(struct tq_tls_record *r, const uint8_t *p,
    size_t n, size_t overhead);

#endif
