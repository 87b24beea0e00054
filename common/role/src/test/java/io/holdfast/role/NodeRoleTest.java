package io.holdfast.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodeRoleTest {

    private static final Role ACTIVE = new Role(true, 7, "n1", URI.create("http://n1:8080"));

    private final AtomicLong nanos = new AtomicLong(1_000);
    private final NodeRole role = NodeRole.inCluster(nanos::get);

    @Test
    void aProcessWithoutAClusterIsAlwaysActiveInEpochZero() {
        // given
        NodeRole alone = NodeRole.alone();

        // then
        assertThat(alone.isActive()).isTrue();
        assertThat(alone.isClustered()).isFalse();
        assertThat(alone.epoch()).isZero();
        assertThat(alone.whenActive()).isCompleted();
    }

    @Test
    void aNodeIsNotActiveBeforeItIsTold() {
        assertThat(role.isActive()).isFalse();
        assertThat(role.whenActive()).isNotDone();
    }

    @Test
    void whatIsNotConfirmedInTimeEndsByItself() {
        // given
        role.learned(ACTIVE, 2_000);
        assertThat(role.isActive()).isTrue();

        // when
        nanos.set(2_000);

        // then
        assertThat(role.isActive()).isFalse();
        assertThat(role.epoch()).isEqualTo(7);
        assertThat(role.current().activeManager()).isNull();
    }

    @Test
    void listenersHearEachChangeOnceAndThoseOfTheFirstGroupBeforeTheOthers() {
        // given
        List<String> heard = new ArrayList<>();
        role.onChange(now -> heard.add("then " + now.active()));
        role.onChangeFirst(now -> heard.add("first " + now.active()));
        heard.clear();

        // when
        role.learned(ACTIVE, 2_000);
        role.learned(ACTIVE, 3_000);
        nanos.set(3_001);
        role.expire();
        role.expire();

        // then
        assertThat(heard).containsExactly("first true", "then true", "first false", "then false");
    }

    @Test
    void aListenerThatFailsDoesNotKeepOthersFromHearing() {
        // given
        List<Boolean> heard = new ArrayList<>();
        role.onChange(now -> {
            throw new IllegalStateException("broken");
        });
        role.onChange(now -> heard.add(now.active()));

        // when
        role.learned(ACTIVE, 2_000);

        // then
        assertThat(heard).containsExactly(false, true);
    }

    @Test
    void whoWaitsGoesOnWhenTheNodeBecomesActive() {
        // given
        CompletableFuture<Void> waiting = role.whenActive();

        // when
        role.learned(ACTIVE, 2_000);

        // then
        assertThat(waiting).isCompleted();
    }

    @Test
    void aNewEpochOfTheSameActiveNodeIsAChange() {
        // given
        List<Long> heard = new ArrayList<>();
        role.learned(ACTIVE, 2_000);
        role.onChange(now -> heard.add(now.epoch()));

        // when
        role.learned(new Role(true, 9, "n1", URI.create("http://n1:8080")), 2_000);

        // then
        assertThat(heard).containsExactly(7L, 9L);
    }
}
