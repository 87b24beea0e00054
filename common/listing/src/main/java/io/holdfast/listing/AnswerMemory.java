package io.holdfast.listing;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.arc.Unremovable;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.RequestScoped;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one answer takes of the memory that long answers may have together, from when its items are read until it has been sent. Without
 * this, a question for all of a million things would end the process.
 */
@RequestScoped
@Unremovable
public class AnswerMemory {

    /**
     * What all long answers of a process may have together.
     *
     * @param all bytes
     * @param taken of these, now
     */
    record Pool(long all, AtomicLong taken) {

        /** Two fifths of the heap: as much again is what the manager needs beside, and what is garbage until it is looked for. */
        static final Pool OF_PROCESS = new Pool(Runtime.getRuntime().maxMemory() / 5 * 2, new AtomicLong());

        /** @return whether there was so much left; else nothing is taken */
        boolean take(long bytes) {
            if (taken.addAndGet(bytes) <= all) {
                return true;
            }
            taken.addAndGet(-bytes);
            return false;
        }
    }

    private final Pool pool;
    private long taken;

    public AnswerMemory() {
        this(Pool.OF_PROCESS);
    }

    AnswerMemory(Pool pool) {
        this.pool = pool;
    }

    /** That of the request that this thread answers; where there is none, one that shares with nobody. */
    static AnswerMemory current() {
        ArcContainer container = Arc.container();
        return container != null && container.requestContext().isActive()
                ? container.instance(AnswerMemory.class).get()
                : new AnswerMemory(new Pool(Pool.OF_PROCESS.all(), new AtomicLong()));
    }

    /** How many bytes long answers have in this process. */
    public static long inUse() {
        return Pool.OF_PROCESS.taken().get();
    }

    /**
     * Where it is refused, what it had is given back.
     *
     * @param bytes that it needs beside what it has
     * @param items that it has
     * @throws ManagerException {@code payload_too_large_error} if that is more than all may have together,
     *     {@code service_unavailable_error} if others have it
     */
    public void take(long bytes, long items) {
        if (pool.take(bytes)) {
            taken += bytes;
            return;
        }
        long needed = taken + bytes;
        long others = pool.taken().get() - taken;
        giveBack();
        String found = "The answer has " + items + " items so far and needs more than " + mebibytes(needed)
                + " MiB of the manager's memory, of which all answers may have " + mebibytes(pool.all())
                + " MiB together";
        String instead =
                "Ask page by page (_size and _offset), for fewer fields (_include) or for fewer items (filters)";
        throw needed > pool.all()
                ? new ManagerException(ErrorCode.PAYLOAD_TOO_LARGE, found + ". " + instead + ".", null)
                : new ManagerException(
                        ErrorCode.SERVICE_UNAVAILABLE,
                        found + "; others have " + mebibytes(others) + " MiB. " + instead
                                + ", or ask again once these have been sent.",
                        null);
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }

    @PreDestroy
    public void giveBack() {
        pool.taken().addAndGet(-taken);
        taken = 0;
    }
}
