/* A bad wire between two interfaces, for specs: it delays, loses, duplicates and reorders packets each way.
   wire IF_A IF_B DELAY_MS LOSS_PERCENT DOUBLE_PERCENT REORDER_PERCENT SEED [MTU tcp|no-tcp]; SIGUSR1 cuts the wire, or connects it again.
   It drops IPv4 packets longer than MTU without a report (0: no limit), and with no-tcp all TCP.
   wire plain IF: makes that interface send unmerged packets with checksums, as the wire needs them. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/prctl.h>
#include <time.h>

#define SLOTS 4096
#define LONGEST 2048

struct packet { double due; int length; unsigned char bytes[LONGEST]; };
static struct packet *waiting[2];
static volatile sig_atomic_t is_cut = 0;

static void toggle(int signal_number) { (void)signal_number; is_cut = !is_cut; }

static double now_ms(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1e3 + at.tv_nsec / 1e6;
}

static int open_interface(const char *name) {
  int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
  struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)if_nametoindex(name) };
  int bytes = 16 << 20;
  struct packet_mreq all = { .mr_ifindex = at.sll_ifindex, .mr_type = PACKET_MR_PROMISC };
  if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0) { perror(name); exit(1); }
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
  setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all);
  return fd;
}

static void hold(int side, const unsigned char *bytes, int length, double due) {
  for (int slot = 0; slot < SLOTS; slot++) {
    struct packet *packet = &waiting[side][slot];
    if (packet->length != 0) continue;
    packet->due = due;
    packet->length = length;
    memcpy(packet->bytes, bytes, (size_t)length);
    return;
  }
}

static int chance(double percent) { return drand48() * 100 < percent; }

static int make_plain(char *name) {
  static const unsigned int commands[] = { ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_STXCSUM, ETHTOOL_SSG };
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  for (unsigned int index = 0; index < sizeof commands / sizeof commands[0]; index++) {
    struct ethtool_value value = { commands[index], 0 };
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    request.ifr_data = (void *)&value;
    if (ioctl(fd, SIOCETHTOOL, &request) != 0 && commands[index] == ETHTOOL_STXCSUM) { perror(name); return 1; }
  }
  return 0;
}

int main(int count, char **argument) {
  /* It ends with the spec that started it. */
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (count == 3 && strcmp(argument[1], "plain") == 0) return make_plain(argument[2]);
  if (count != 8 && count != 10) { fprintf(stderr, "seven or nine arguments\n"); return 2; }
  int mtu = count == 10 ? atoi(argument[8]) : 0, is_tcp_blocked = count == 10 && strcmp(argument[9], "no-tcp") == 0;
  int fds[2] = { open_interface(argument[1]), open_interface(argument[2]) };
  double delay = atof(argument[3]), loss = atof(argument[4]), doubled = atof(argument[5]), reordered = atof(argument[6]);
  srand48(atol(argument[7]));
  for (int side = 0; side < 2; side++) waiting[side] = calloc(SLOTS, sizeof(struct packet));
  signal(SIGUSR1, toggle);
  puts("ready");
  fflush(stdout);
  struct pollfd polled[2] = { { fds[0], POLLIN, 0 }, { fds[1], POLLIN, 0 } };
  for (;;) {
    struct timespec pause = { 0, 500000 };
    ppoll(polled, 2, &pause, NULL);
    double at = now_ms();
    for (int side = 0; side < 2; side++) {
      for (;;) {
        /* The oldest due packet is sent first, so packets that are not reordered keep their order. */
        struct packet *next = NULL;
        for (int slot = 0; slot < SLOTS; slot++) {
          struct packet *packet = &waiting[side][slot];
          if (packet->length != 0 && packet->due <= at && (next == NULL || packet->due < next->due)) next = packet;
        }
        if (next == NULL) break;
        send(fds[!side], next->bytes, (size_t)next->length, 0);
        next->length = 0;
      }
      for (;;) {
        struct sockaddr_ll from;
        socklen_t from_length = sizeof from;
        unsigned char bytes[65536];
        int length = (int)recvfrom(fds[side], bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&from, &from_length);
        if (length < 0) break;
        if (from.sll_pkttype == PACKET_OUTGOING || length > LONGEST || is_cut) continue;
        int is_arp = bytes[12] == 8 && bytes[13] == 6;
        int is_ipv4 = bytes[12] == 8 && bytes[13] == 0;
        if (is_ipv4 && mtu != 0 && bytes[16] * 256 + bytes[17] > mtu) continue;
        if (is_ipv4 && is_tcp_blocked && bytes[23] == 6) continue;
        if (!is_arp && chance(loss)) continue;
        double due = at + delay;
        hold(side, bytes, length, chance(reordered) ? due + 15 : due);
        if (chance(doubled)) hold(side, bytes, length, due + 5);
      }
    }
  }
}
