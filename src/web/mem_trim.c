#include "web/mem_trim.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static bool
all_zero(const unsigned char *p, size_t n)
{
	return p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
}

size_t
tq_mem_trim(void *p, size_t n)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t skip = (page - (uintptr_t)p % page) % page, run = 0, sum = 0;
	unsigned char *at = p;

	if (n < skip)
		return 0;
	at += skip;
	/* Neighbours are dropped together; the last turn ends the last run. */
	for (size_t left = (n - skip) / page + 1; left > 0; left--) {
		if (left > 1 && all_zero(at, page)) {
			run += page;
		} else if (run > 0) {
			if (madvise(at - run, run, MADV_DONTNEED) == 0)
				sum += run;
			run = 0;
		}
		at += page;
	}
	return sum;
}
