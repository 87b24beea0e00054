package io.holdfast.cluster.agent.peers;

/** Takes each datagram of one sender once, reordered by at most 63, and none of an earlier start. Not thread-safe. */
final class ReplayWindow {

    private static final int WIDTH = 64;

    private long boot = Long.MIN_VALUE;
    private long highest;
    private long seen;

    boolean accepts(long ofBoot, long sequence) {
        if (ofBoot < boot || sequence < 0) {
            return false;
        }
        if (ofBoot > boot) {
            boot = ofBoot;
            highest = sequence;
            seen = 1;
            return true;
        }
        if (sequence > highest) {
            long ahead = sequence - highest;
            seen = ahead >= WIDTH ? 1 : seen << ahead | 1;
            highest = sequence;
            return true;
        }
        long behind = highest - sequence;
        if (behind >= WIDTH || (seen & 1L << behind) != 0) {
            return false;
        }
        seen |= 1L << behind;
        return true;
    }
}
