/* A PKCS#11 module that forwards to the module named by SHIM_TARGET and fails on command. Every function of the list takes words
 * (pointers, CK_ULONG, CK_BBOOL), at most eight: on x86-64 and arm64 a wrapper may pass eight on to a function that takes fewer. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long W;
typedef W (*function)(W, W, W, W, W, W, W, W);

enum { FUNCTIONS = 68, OPEN_SESSION = 12, CLOSE_SESSION = 13, CLOSE_ALL_SESSIONS = 14, FINALIZE = 1 };

struct list { unsigned char version[8]; function functions[FUNCTIONS]; };

static struct list *target;
static struct list shim;
static int failing = -1;
static W answer;
static long sessions;
static long injected;

/* the next calls of this function answer this code, until another command; -1 ends it */
void shim_fail(int index, W code) { answer = code; __atomic_store_n(&failing, index, __ATOMIC_SEQ_CST); }
long shim_sessions(void) { return __atomic_load_n(&sessions, __ATOMIC_SEQ_CST); }
long shim_injected(void) { return __atomic_load_n(&injected, __ATOMIC_SEQ_CST); }

static W forward(int i, W a, W b, W c, W d, W e, W f, W g, W h) {
  if (__atomic_load_n(&failing, __ATOMIC_SEQ_CST) == i) {
    __atomic_fetch_add(&injected, 1, __ATOMIC_SEQ_CST);
    return answer;
  }
  W code = target->functions[i](a, b, c, d, e, f, g, h);
  if (code == 0 && i == OPEN_SESSION) __atomic_fetch_add(&sessions, 1, __ATOMIC_SEQ_CST);
  if (code == 0 && i == CLOSE_SESSION) __atomic_fetch_sub(&sessions, 1, __ATOMIC_SEQ_CST);
  if (code == 0 && (i == CLOSE_ALL_SESSIONS || i == FINALIZE)) __atomic_store_n(&sessions, 0, __ATOMIC_SEQ_CST);
  return code;
}

#define ONE(i) static W f##i(W a, W b, W c, W d, W e, W f, W g, W h) { return forward(i, a, b, c, d, e, f, g, h); }
#define EACH(M) M(0) M(1) M(2) M(3) M(4) M(5) M(6) M(7) M(8) M(9) M(10) M(11) M(12) M(13) M(14) M(15) M(16) M(17) M(18) M(19) M(20) M(21) \
  M(22) M(23) M(24) M(25) M(26) M(27) M(28) M(29) M(30) M(31) M(32) M(33) M(34) M(35) M(36) M(37) M(38) M(39) M(40) M(41) M(42) M(43) M(44) \
  M(45) M(46) M(47) M(48) M(49) M(50) M(51) M(52) M(53) M(54) M(55) M(56) M(57) M(58) M(59) M(60) M(61) M(62) M(63) M(64) M(65) M(66) M(67)
EACH(ONE)
#define NAME(i) f##i,

W C_GetFunctionList(struct list **list) {
  static const function all[FUNCTIONS] = { EACH(NAME) };
  const char *path = getenv("SHIM_TARGET");
  void *library = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : 0;
  W (*get)(struct list **) = library ? (W (*)(struct list **))dlsym(library, "C_GetFunctionList") : 0;
  if (!get || get(&target) != 0) return 5; /* CKR_GENERAL_ERROR */
  memcpy(shim.version, target->version, sizeof shim.version);
  memcpy(shim.functions, all, sizeof all);
  *list = &shim;
  return 0;
}
