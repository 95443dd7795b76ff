/* A load generator: many connections on one epoll, each with one request under
 * way.
 *
 *   load post PORT CLIENTS SECONDS    new comments through the JSON API
 *   load get PORT CLIENTS SECONDS PATTERN FROM TO
 *                                     GET; "%u" in PATTERN counts FROM to TO
 *   load idle PORT CLIENTS PATH       one GET each, then all stay open until
 *                                     standard input ends
 *   load replay PORT CLIENTS SECONDS FILE
 *                                     requests from a file, over and over; each
 *                                     follows a line with its length
 *
 * A server may end a connection after an answer that said so.
 * Prints one line: answers, seconds, answers that were not 2xx, median and 99th
 * percentile of the waiting time in microseconds. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROOM ((size_t)256 * 1024)
#define TIMES_MAX ((size_t)1 << 22)
#define PAGES 64
#define TEXT 400

enum mode { POST, GET, IDLE, REPLAY };

struct request { const char *p; size_t n; };

struct conn {
	int fd;
	size_t n;		/* bytes of the answer in got */
	int64_t asked_us;
	char *got;
};

static struct load {
	enum mode mode;
	uint16_t port;
	unsigned clients;
	double seconds;
	const char *pattern;
	unsigned from, to, next;
	uint64_t answers, bad;
	int epoll_fd;
	struct conn *conns;
	uint32_t *times;
	size_t n_times;
	unsigned open;		/* connections that shall ask again */
	struct request *replay;
	unsigned n_replay;
} g;

static int64_t
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
die(const char *what)
{
	(void)fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(3);
}

static int
post_request(char *out, size_t room)
{
	static char text[TEXT + 1];
	char body[TEXT + 200];
	int n;

	if (text[0] == 0)
		for (size_t i = 0; i < TEXT; i++)
			text[i] = i % 7 == 6 ? ' ' : (char)('a' + i * 5 % 26);
	n = snprintf(body, sizeof(body), "{\"site\":\"s\",\"page\":\"/w/%u\","
	    "\"name\":\"Reader %u\",\"text\":\"%u %d %s\"}",
	    g.next % PAGES, g.next % 1000, g.next, (int)getpid(), text);
	g.next++;
	return snprintf(out, room, "POST /api/v1/comments HTTP/1.1\r\n"
	    "Host: 127.0.0.1:%u\r\nContent-Type: application/json\r\n"
	    "Content-Length: %d\r\n\r\n%s", g.port, n, body);
}

static int
get_request(char *out, size_t room)
{
	const char *count = strstr(g.pattern, "%u");
	unsigned n = g.from + (g.to > g.from ? g.next++ % (g.to - g.from) : 0);

	/* As browsers ask over plain HTTP. */
	if (count == NULL)
		return snprintf(out, room, "GET %s HTTP/1.1\r\n"
		    "Host: 127.0.0.1:%u\r\nAccept-Encoding: gzip\r\n\r\n",
		    g.pattern, g.port);
	return snprintf(out, room, "GET %.*s%u%s HTTP/1.1\r\n"
	    "Host: 127.0.0.1:%u\r\nAccept-Encoding: gzip\r\n\r\n",
	    (int)(count - g.pattern), g.pattern, n, count + 2, g.port);
}

/* All requests of a file. */
static void
read_replay(const char *path)
{
	FILE *f = fopen(path, "r");
	size_t n;

	if (f == NULL)
		die(path);
	while (fscanf(f, "%zu", &n) == 1 && fgetc(f) == '\n') {
		char *p = malloc(n + 1);

		g.replay = reallocarray(g.replay, g.n_replay + 1,
		    sizeof(*g.replay));
		if (g.replay == NULL || p == NULL || fread(p, 1, n, f) != n)
			die(path);
		g.replay[g.n_replay++] = (struct request){ p, n };
	}
	(void)fclose(f);
	if (g.n_replay == 0)
		die("no requests");
}

/* The next request, in room or where it lies. */
static struct request
next_request(char *room, size_t size)
{
	int n;

	if (g.mode == REPLAY)
		return g.replay[g.next++ % g.n_replay];
	n = g.mode == POST ? post_request(room, size) :
	    get_request(room, size);
	if (n < 0 || (size_t)n >= size)
		die("request");
	return (struct request){ room, (size_t)n };
}

static void
open_conn(struct conn *c)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
	    .sin_port = htons(g.port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };
	int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to,
	    sizeof(to)) != 0)
		die("connect");
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (epoll_ctl(g.epoll_fd, EPOLL_CTL_ADD, c->fd, &ev) != 0)
		die("epoll_ctl");
}

/* On a new connection if the last one is at its end. */
static void
ask(struct conn *c)
{
	char room[4096];
	struct request r = next_request(room, sizeof(room));

	c->n = 0;
	c->asked_us = now_us();
	if (c->fd < 0)
		open_conn(c);
	if (send(c->fd, r.p, r.n, MSG_NOSIGNAL) != (ssize_t)r.n)
		die("send");
}

/* Whether all of the answer is there. */
static bool
is_whole(const struct conn *c)
{
	const char *end = memmem(c->got, c->n, "\r\n\r\n", 4);
	const char *length;

	if (end == NULL)
		return false;
	length = memmem(c->got, (size_t)(end - c->got), "Content-Length: ",
	    16);
	return length == NULL || c->n >= (size_t)(end - c->got) + 4 +
	    strtoul(length + 16, NULL, 10);
}

static void
answered(struct conn *c, bool more)
{
	int64_t took = now_us() - c->asked_us;

	g.answers++;
	g.bad += c->got[9] != '2';
	if (memmem(c->got, c->n, "\r\nConnection: close\r\n", 21) != NULL) {
		(void)close(c->fd);
		c->fd = -1;
	}
	if (g.n_times < TIMES_MAX)
		g.times[g.n_times++] = (uint32_t)took;
	if (more)
		ask(c);
	else
		g.open--;
}

static void
read_some(struct conn *c, bool more)
{
	ssize_t n = recv(c->fd, c->got + c->n, ROOM - 1 - c->n, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		die("the server closed a connection");
	c->n += (size_t)n;
	c->got[c->n] = 0;
	if (is_whole(c))
		answered(c, more);
}

/* Until the time is over and the last answers are there. */
static void
run(int64_t until_us)
{
	struct epoll_event ev[256];

	while (g.open > 0) {
		int n = epoll_wait(g.epoll_fd, ev, 256, 5000);
		bool more = now_us() < until_us;

		if (n <= 0) {
			errno = ETIMEDOUT;
			die("no answer");
		}
		for (int i = 0; i < n; i++)
			read_some(ev[i].data.ptr, more);
	}
}

/* They may share one buffer: each is asked when the last has its answer. */
static void
open_idle(char *buffer)
{
	for (unsigned i = 0; i < g.clients; i++) {
		g.conns[i].got = buffer;
		open_conn(&g.conns[i]);
		ask(&g.conns[i]);
		g.open = 1;
		run(0);
	}
	(void)printf("open\n");
	(void)fflush(stdout);
	while (getchar() != EOF)
		;
}

static void
open_busy(void)
{
	int64_t began;

	for (unsigned i = 0; i < g.clients; i++) {
		g.conns[i].got = malloc(ROOM);
		if (g.conns[i].got == NULL)
			die("malloc");
		open_conn(&g.conns[i]);
	}
	began = now_us();
	g.open = g.clients;
	for (unsigned i = 0; i < g.clients; i++)
		ask(&g.conns[i]);
	run(began + (int64_t)(g.seconds * 1e6));
	g.seconds = (double)(now_us() - began) / 1e6;
}

static int
by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static bool
read_args(int argc, char **argv)
{
	if (argc < 4)
		return false;
	g.port = (uint16_t)strtoul(argv[2], NULL, 10);
	g.clients = (unsigned)strtoul(argv[3], NULL, 10);
	if (strcmp(argv[1], "post") == 0 && argc == 5) {
		g.mode = POST;
		g.seconds = strtod(argv[4], NULL);
	} else if (strcmp(argv[1], "get") == 0 && argc == 8) {
		g.mode = GET;
		g.seconds = strtod(argv[4], NULL);
		g.pattern = argv[5];
		g.from = (unsigned)strtoul(argv[6], NULL, 10);
		g.to = (unsigned)strtoul(argv[7], NULL, 10);
	} else if (strcmp(argv[1], "replay") == 0 && argc == 6) {
		g.mode = REPLAY;
		g.seconds = strtod(argv[4], NULL);
		read_replay(argv[5]);
	} else if (strcmp(argv[1], "idle") == 0 && argc == 5) {
		g.mode = IDLE;
		g.pattern = argv[4];
	} else {
		return false;
	}
	return g.port > 0 && g.clients > 0;
}

int
main(int argc, char **argv)
{
	char *buffer = malloc(ROOM);

	if (!read_args(argc, argv)) {
		(void)fprintf(stderr, "usage: load post|get|idle|replay PORT "
		    "CLIENTS ...\n");
		return 2;
	}
	g.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	g.conns = calloc(g.clients, sizeof(*g.conns));
	g.times = malloc(TIMES_MAX * sizeof(*g.times));
	if (g.epoll_fd < 0 || g.conns == NULL || g.times == NULL ||
	    buffer == NULL)
		die("start");
	if (g.mode == IDLE)
		open_idle(buffer);
	else
		open_busy();
	qsort(g.times, g.n_times, sizeof(*g.times), by_size);
	(void)printf("%llu %.4f %llu %u %u\n", (unsigned long long)g.answers,
	    g.seconds, (unsigned long long)g.bad, g.times[g.n_times / 2],
	    g.times[g.n_times * 99 / 100]);
	return 0;
}
