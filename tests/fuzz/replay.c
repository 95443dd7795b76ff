/* A main for a fuzz target where libFuzzer is not: runs the target once on
 * every file of the folders and on every file named, and on nothing at all.
 * usage: fuzz_NAME PATH... */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED_MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static int
die(const char *path)
{
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	return 1;
}

static int
replay_file(const char *path)
{
	static uint8_t room[SEED_MAX];
	FILE *f = fopen(path, "rb");
	uint8_t *exact;	/* a byte too far is one too far for ASan, too */
	size_t n;

	if (f == NULL)
		return die(path);
	n = fread(room, 1, sizeof(room), f);
	(void)fclose(f);
	exact = malloc(n > 0 ? n : 1);
	if (exact == NULL)
		return die(path);
	memcpy(exact, room, n);
	(void)LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 0;
}

static int
replay_folder(DIR *dir, const char *path)
{
	const struct dirent *d;
	char full[4096];
	int bad = 0, n = 0;

	while ((d = readdir(dir)) != NULL) {
		if (d->d_name[0] == '.')
			continue;
		(void)snprintf(full, sizeof(full), "%s/%s", path, d->d_name);
		bad |= replay_file(full);
		n++;
	}
	(void)closedir(dir);
	printf("%s: %d seeds\n", path, n);
	return n == 0 ? 1 : bad;
}

int
main(int argc, char **argv)
{
	static const uint8_t nothing[1];
	int bad = 0;

	(void)LLVMFuzzerTestOneInput(nothing, 0);
	for (int i = 1; i < argc; i++) {
		DIR *dir = opendir(argv[i]);

		bad |= dir != NULL ? replay_folder(dir, argv[i]) :
		    replay_file(argv[i]);
	}
	return bad;
}
