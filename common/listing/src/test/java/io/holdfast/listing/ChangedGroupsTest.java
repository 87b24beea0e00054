package io.holdfast.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ChangedGroupsTest {

    private final ChangedGroups groups = new ChangedGroups(Set.of(1L, 2L));

    @Test
    void aGroupIsNewIfAllItsRowsAreAndGoneIfNoneIsLeft() {
        // given
        known();
        // when
        groups.number(3, true, 2, "new", 3);
        groups.number(4, true, 1, "new", 3);
        groups.number(5, true, 1, "larger", 2);
        groups.number(6, true, -1, "gone", 0);
        groups.number(7, true, 1, "came and went", 0);
        groups.number(8, true, -1, "came and went", 0);
        groups.number(9, true, -1, "smaller", 1);
        groups.number(10, true, 1, "new too", 1);
        // then
        assertThat(groups.difference()).hasValue(1);
    }

    @Test
    void whatTheCallerDoesNotSeeChangesNothing() {
        // given
        known();
        // when
        groups.number(3, false, 1, "new", 0);
        groups.number(4, false, 70, null, 0);
        // then
        assertThat(groups.difference()).hasValue(0);
    }

    @Test
    void changesOfUnknownGroupsTellNothing() {
        // given
        known();
        // when
        groups.number(3, true, 70, null, 0);
        // then
        assertThat(groups.difference()).isEmpty();
    }

    @Test
    void numbersThatWereAddedUpTellNothing() {
        // when
        groups.number(1, true, 5, null, 0);
        groups.number(3, true, 1, "new", 1);
        // then
        assertThat(groups.difference()).isEmpty();
    }

    @Test
    void largeGroupsWereThereUnlessAsManyRowsHaveCome() {
        // given
        known();
        groups.number(3, true, 1, "large", Sql.OF_GROUP);
        assertThat(groups.difference()).hasValue(0);
        // when
        groups.number(4, true, Sql.OF_GROUP, "large", Sql.OF_GROUP);
        // then
        assertThat(groups.difference()).isEmpty();
    }

    private void known() {
        groups.number(1, true, 5, null, 0);
        groups.number(2, true, 5, "a", 0);
    }
}
