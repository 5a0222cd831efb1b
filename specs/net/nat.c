/* The NAT of a home network, for specs: one interface to the inside, one to the internet, and one public address.
   nat INNER OUTER PUBLIC_ADDRESS GATEWAY drops|accepts|changing
   All kinds translate by pair of endpoints and admit only answers. `drops` and `accepts` keep the inner port if it is free towards the
   peer; `changing` uses another port for each peer. `accepts` behaves like a Linux router without a firewall: it treats an unexpected
   packet as its own, and while it remembers the packet, the inside cannot use that port towards that peer. UDP and TCP over IPv4 only. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define FLOWS 4096
#define LONGEST 65536
/* As in Linux, a flow without an answer expires sooner. */
#define UNANSWERED_S 30
#define ANSWERED_S 120
#define TCP_S 3600

typedef unsigned char byte;
struct end { unsigned address; unsigned short port; };
struct flow { byte protocol, is_routers_own, is_answered; struct end inside, peer; unsigned short port; time_t used; };
struct side { int fd, index; byte mac[6], far[6]; };

static struct flow flows[FLOWS];
static struct side inner, outer;
static unsigned public_address, gateway;
static int is_changing, accepts;

static time_t now_s(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec;
}

static struct side open_side(const char *name) {
  struct side side = { .fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)), .index = (int)if_nametoindex(name) };
  struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = side.index };
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (side.fd < 0 || bind(side.fd, (struct sockaddr *)&at, sizeof at) != 0 || ioctl(side.fd, SIOCGIFHWADDR, &request) != 0) {
    perror(name);
    exit(1);
  }
  memcpy(side.mac, request.ifr_hwaddr.sa_data, 6);
  return side;
}

static void put(const struct side *side, byte *frame, int length) {
  memcpy(frame, side->far, 6);
  memcpy(frame + 6, side->mac, 6);
  send(side->fd, frame, (size_t)length, 0);
}

/* Updates a checksum after one of the words that it covers was replaced (RFC 1624). */
static void amend(byte *checksum, unsigned before, unsigned after) {
  unsigned sum = (~(checksum[0] << 8 | checksum[1]) & 0xffff) + (~before & 0xffff) + after;
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  checksum[0] = (byte)(~sum >> 8);
  checksum[1] = (byte)~sum;
}

/* Writes another address and port at these offsets of the packet. */
static void replace(byte *ip, byte *body, int address_at, int port_at, struct end end) {
  int is_udp = ip[9] == IPPROTO_UDP;
  byte *sum = body + (is_udp ? 6 : 16);
  int is_summed = !is_udp || (sum[0] | sum[1]) != 0;
  byte fresh[6];
  memcpy(fresh, &end.address, 4);
  memcpy(fresh + 4, &end.port, 2);
  for (int word = 0; word < 6; word += 2) {
    byte *place = word < 4 ? ip + address_at + word : body + port_at;
    unsigned before = (unsigned)(place[0] << 8 | place[1]), after = (unsigned)(fresh[word] << 8 | fresh[word + 1]);
    if (word < 4) amend(ip + 10, before, after);
    if (is_summed) amend(sum, before, after);
    memcpy(place, fresh + word, 2);
  }
}

static int is_same(struct end one, struct end other) { return one.address == other.address && one.port == other.port; }

static int is_over(const struct flow *flow) {
  int life = flow->protocol == IPPROTO_TCP ? TCP_S : flow->is_answered ? ANSWERED_S : UNANSWERED_S;
  return flow->protocol == 0 || now_s() - flow->used > life;
}

/* The flow between this port of the public address and this peer. */
static struct flow *at_port(byte protocol, unsigned short port, struct end peer) {
  for (struct flow *flow = flows; flow < flows + FLOWS; flow++)
    if (!is_over(flow) && flow->protocol == protocol && flow->port == port && is_same(flow->peer, peer)) return flow;
  return NULL;
}

static struct flow *from_inside(byte protocol, struct end inside, struct end peer) {
  for (struct flow *flow = flows; flow < flows + FLOWS; flow++)
    if (!is_over(flow) && !flow->is_routers_own && flow->protocol == protocol && is_same(flow->inside, inside) && is_same(flow->peer, peer))
      return flow;
  return NULL;
}

static struct flow *add(byte protocol, struct end inside, struct end peer, unsigned short port, int is_routers_own) {
  for (struct flow *flow = flows; flow < flows + FLOWS; flow++) {
    if (!is_over(flow)) continue;
    *flow = (struct flow){ protocol, (byte)is_routers_own, 0, inside, peer, port, now_s() };
    return flow;
  }
  return NULL;
}

static struct flow *begin(byte protocol, struct end inside, struct end peer) {
  unsigned short port = inside.port;
  while (at_port(protocol, port, peer) != NULL || (is_changing && port == inside.port)) port = htons((unsigned short)(1024 + random() % 64000));
  return add(protocol, inside, peer, port, 0);
}

/* Translates the packet; returns whether it is forwarded. */
static int translate(byte *ip, byte *body, int is_going_out) {
  struct end from, to;
  memcpy(&from.address, ip + 12, 4);
  memcpy(&to.address, ip + 16, 4);
  memcpy(&from.port, body, 2);
  memcpy(&to.port, body + 2, 2);
  /* A packet that expires at this router creates no flow. */
  int is_spent = ip[8] <= 1;
  struct flow *flow;
  if (is_going_out) {
    if (is_spent) return 0;
    flow = from_inside(ip[9], from, to);
    if (flow == NULL) flow = begin(ip[9], from, to);
    if (flow == NULL) return 0;
    replace(ip, body, 12, 0, (struct end){ public_address, flow->port });
  } else {
    flow = at_port(ip[9], to.port, from);
    if (flow == NULL && accepts && ip[9] == IPPROTO_UDP) add(ip[9], (struct end){ public_address, to.port }, from, to.port, 1);
    if (flow == NULL) return 0;
    flow->used = now_s();
    if (flow->is_routers_own || is_spent) return 0;
    flow->is_answered = 1;
    replace(ip, body, 16, 2, flow->inside);
  }
  flow->used = now_s();
  unsigned before = (unsigned)(ip[8] << 8 | ip[9]);
  ip[8] -= 1;
  amend(ip + 10, before, (unsigned)(ip[8] << 8 | ip[9]));
  return 1;
}

/* The inner side answers for every address, the outer side for the public one. */
static void answer_arp(struct side *side, byte *frame) {
  byte *arp = frame + 14;
  unsigned asker, wanted;
  memcpy(&asker, arp + 14, 4);
  memcpy(&wanted, arp + 24, 4);
  int is_asked = arp[7] == 1 && asker != wanted && (side == &inner ? asker != 0 : wanted == public_address);
  if (side == &inner || asker == gateway) memcpy(side->far, arp + 8, 6);
  if (!is_asked) return;
  arp[7] = 2;
  memcpy(arp + 18, arp + 8, 6);
  memcpy(arp + 24, &asker, 4);
  memcpy(arp + 8, side->mac, 6);
  memcpy(arp + 14, &wanted, 4);
  put(side, frame, 42);
}

static void ask_for_gateway(void) {
  byte frame[42] = { [12] = 8, 6, 0, 1, 8, 0, 6, 4, 0, 1 };
  memset(outer.far, 0xff, 6);
  memcpy(frame + 22, outer.mac, 6);
  memcpy(frame + 28, &public_address, 4);
  memcpy(frame + 38, &gateway, 4);
  put(&outer, frame, sizeof frame);
}

static void take(struct side *side) {
  static byte frame[LONGEST];
  struct sockaddr_ll from;
  socklen_t from_length = sizeof from;
  int length = (int)recvfrom(side->fd, frame, sizeof frame, MSG_DONTWAIT, (struct sockaddr *)&from, &from_length);
  if (length < 42 || from.sll_pkttype == PACKET_OUTGOING) return;
  if (frame[12] == 8 && frame[13] == 6) answer_arp(side, frame);
  byte *ip = frame + 14, *body = ip + (ip[0] & 15) * 4;
  int is_ours = frame[12] == 8 && frame[13] == 0 && (ip[9] == IPPROTO_UDP || ip[9] == IPPROTO_TCP);
  int is_part = ((ip[6] << 8 | ip[7]) & 0x3fff) != 0;
  if (is_ours && !is_part && translate(ip, body, side == &inner)) put(side == &inner ? &outer : &inner, frame, length);
}

int main(int count, char **argument) {
  /* It ends with the spec that started it. */
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (count != 6) { fprintf(stderr, "five arguments\n"); return 2; }
  inner = open_side(argument[1]);
  outer = open_side(argument[2]);
  public_address = inet_addr(argument[3]);
  gateway = inet_addr(argument[4]);
  accepts = strcmp(argument[5], "accepts") == 0;
  is_changing = strcmp(argument[5], "changing") == 0;
  srandom((unsigned)getpid());
  struct pollfd polled[2] = { { inner.fd, POLLIN, 0 }, { outer.fd, POLLIN, 0 } };
  int has_gateway = 0;
  while (!has_gateway) {
    ask_for_gateway();
    for (int left = 50; left > 0 && !has_gateway; left--) {
      if (poll(polled + 1, 1, 2) > 0) take(&outer);
      has_gateway = (outer.far[0] & 1) == 0;
    }
  }
  puts("ready");
  fflush(stdout);
  for (;;) {
    poll(polled, 2, -1);
    if (polled[0].revents) take(&inner);
    if (polled[1].revents) take(&outer);
  }
}
