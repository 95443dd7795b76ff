/* What the disk gives: 4 KiB written and fdatasync, over and over, into a file
 * that is there already.  usage: sync FILE SECONDS; prints how many a second. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 4096
#define BLOCKS 4096		/* the length of a log that is used again */

static char block[BLOCK];

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
put(int fd, uint64_t n)
{
	block[n % BLOCK]++;
	return pwrite(fd, block, BLOCK, (off_t)(n % BLOCKS * BLOCK)) == BLOCK ?
	    0 : -1;
}

int
main(int argc, char **argv)
{
	double seconds = argc == 3 ? strtod(argv[2], NULL) : 0, began;
	int fd = seconds > 0 ? open(argv[1], O_RDWR | O_CREAT, 0600) : -1;
	uint64_t n = 0;

	if (fd < 0) {
		(void)fprintf(stderr, "usage: sync FILE SECONDS\n");
		return 2;
	}
	while (n < BLOCKS && put(fd, n) == 0)
		n++;
	if (n < BLOCKS || fsync(fd) != 0) {
		perror(argv[1]);
		return 3;
	}
	for (n = 0, began = now(); now() - began < seconds; n++)
		if (put(fd, n) != 0 || fdatasync(fd) != 0) {
			perror(argv[1]);
			return 3;
		}
	(void)printf("%.1f\n", (double)n / (now() - began));
	return 0;
}
