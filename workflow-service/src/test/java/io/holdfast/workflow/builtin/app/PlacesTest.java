package io.holdfast.workflow.builtin.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private final Places places =
            new Places(new ThreadPoolExecutor(1, 1, 0, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>()));

    @AfterEach
    void close() {
        places.close();
    }

    @Test
    void whoWaitsGivesItsPlaceToThoseItWaitsFor() throws InterruptedException {
        // given
        CountDownLatch inner = new CountDownLatch(1);
        CountDownLatch outer = new CountDownLatch(1);
        // when: each waits for the next one, in a single place
        places.run(() -> {
            places.run(() -> {
                places.run(inner::countDown);
                places.whileOthersRun(() -> await(inner));
                outer.countDown();
            });
            places.whileOthersRun(() -> await(outer));
        });
        // then
        assertThat(outer.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void afterAWaitThereAreAsManyPlacesAsBefore() throws InterruptedException {
        // given
        CountDownLatch waited = new CountDownLatch(1);
        places.run(() -> {
            places.whileOthersRun(() -> true);
            waited.countDown();
        });
        assertThat(waited.await(30, TimeUnit.SECONDS)).isTrue();
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        // when
        for (int execution = 0; execution < 2; execution++) {
            places.run(() -> {
                begun.countDown();
                await(end);
            });
        }
        // then: the second one has no place
        assertThat(begun.await(1, TimeUnit.SECONDS)).isFalse();
        assertThat(begun.getCount()).isEqualTo(1);
        end.countDown();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
