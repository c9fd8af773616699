// The first (and only other) process of the machine that avx512_emulator.py boots: runs one program and reports its output and end.
#define _GNU_SOURCE
// Everything is sent through Bochs' debug port as frames: one byte of kind, four bytes of length (little endian), then the payload.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <x86intrin.h>

enum { kDebugPort = 0xE9, kShutdownPort = 0x8900, kMaxStrings = 4096 };

static const char kHello[] = "\n@AVX512-EMULATOR-HELLO@";

static void send_bytes(const void* data, size_t size) {
  __asm__ volatile("rep outsb" : "+S"(data), "+c"(size) : "d"(kDebugPort) : "memory");
}

static void send_frame(char kind, const void* data, uint32_t size) {
  send_bytes(&kind, 1);
  send_bytes(&size, 4);
  send_bytes(data, size);
}

static void power_off(void) {
  for (const char* c = "Shutdown"; *c != 0; c++) {
    outb(*c, kShutdownPort);
  }
  for (;;) {
    pause();
  }
}

static void fail(const char* what) {
  char text[256];
  const int size = snprintf(text, sizeof(text), "%s: %s", what, strerror(errno));
  send_frame('F', text, (uint32_t) size);
  power_off();
}

static void mount_all(void) {
  static const char* const kMounts[][2] = {{"proc", "/proc"}, {"sysfs", "/sys"}, {"devtmpfs", "/dev"}, {"tmpfs", "/tmp"}};
  for (size_t i = 0; i < sizeof(kMounts) / sizeof(kMounts[0]); i++) {
    mkdir(kMounts[i][1], 0755);
    if (mount(kMounts[i][0], kMounts[i][1], kMounts[i][0], 0, NULL) != 0 && errno != EBUSY) {
      fail(kMounts[i][1]);
    }
  }
}

// Reads "argc\0argument\0...environment\0..." and splits it into the two vectors.
static void read_command(char** argv, char** envp) {
  static char text[1 << 20];
  const int fd = open("/command", O_RDONLY | O_CLOEXEC);
  ssize_t size = 0;
  for (ssize_t got; fd >= 0 && (got = read(fd, text + size, sizeof(text) - 1 - (size_t) size)) > 0;) {
    size += got;
  }
  if (size == 0) {
    fail("/command");
  }
  int left = atoi(text);
  int count = 0;
  for (char* s = text + strlen(text) + 1; s < text + size && ++count < kMaxStrings; s += strlen(s) + 1) {
    if (left-- > 0) {
      *argv++ = s;
    } else {
      *envp++ = s;
    }
  }
}

static pid_t start(char** argv, char** envp, int out, int err) {
  const pid_t pid = fork();
  if (pid != 0) {
    return pid;
  }
  ioperm(kDebugPort, 1, 0);
  ioperm(kShutdownPort, 1, 0);
  setsid();
  dup2(open("/dev/null", O_RDONLY), 0);
  dup2(out, 1);
  dup2(err, 2);
  execve(argv[0], argv, envp);
  dprintf(2, "cannot start %s: %s\n", argv[0], strerror(errno));
  _exit(127);
}

// Forwards what is in the pipe now; returns 0 once nobody can write to it any more.
static int forward(int fd, char kind) {
  char buffer[4096];
  for (;;) {
    const ssize_t got = read(fd, buffer, sizeof(buffer));
    if (got <= 0) {
      return got < 0;
    }
    send_frame(kind, buffer, (uint32_t) got);
  }
}

int main(void) {
  static char* argv[kMaxStrings + 1];
  static char* envp[kMaxStrings + 1];
  if (ioperm(kDebugPort, 1, 1) != 0 || ioperm(kShutdownPort, 1, 1) != 0) {
    return 1;
  }
  send_bytes(kHello, sizeof(kHello) - 1);
  mount_all();
  read_command(argv, envp);
  int out[2], err[2];
  if (chdir("/job") != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) {
    fail("/job");
  }
  fcntl(out[0], F_SETFL, O_NONBLOCK);
  fcntl(err[0], F_SETFL, O_NONBLOCK);
  uint64_t clock = __rdtsc();
  send_frame('B', &clock, sizeof(clock));
  const pid_t pid = start(argv, envp, out[1], err[1]);
  if (pid < 0) {
    fail("fork");
  }
  close(out[1]);
  close(err[1]);
  struct pollfd polls[2] = {{out[0], POLLIN, 0}, {err[0], POLLIN, 0}};
  int status = 0;
  for (int ended = 0; !ended;) {
    // a process the program left behind may hold the pipes open: only the program's own end counts
    poll(polls, 2, polls[0].fd < 0 && polls[1].fd < 0 ? 10 : 100);
    ended = waitpid(pid, &status, WNOHANG) == pid;
    for (int i = 0; i < 2; i++) {
      if (polls[i].fd >= 0 && !forward(polls[i].fd, "OE"[i])) {
        polls[i].fd = -1;
      }
    }
  }
  struct { int32_t status, reserved; uint64_t clock; } end = {status, 0, __rdtsc()};
  send_frame('X', &end, sizeof(end));
  power_off();
}
