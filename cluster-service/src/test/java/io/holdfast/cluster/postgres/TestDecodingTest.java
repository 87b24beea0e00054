package io.holdfast.cluster.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.cluster.postgres.SalvagedChange.Column;
import io.holdfast.cluster.postgres.SalvagedChange.Kind;
import org.junit.jupiter.api.Test;

class TestDecodingTest {

    @Test
    void anInsertHasAllColumns() {
        assertThat(TestDecoding.changes(
                        2,
                        733,
                        "table public.t: INSERT: id[integer]:1 name[text]:'it''s [x]:' big[numeric]:1.50"
                                + " none[text]:null ok[boolean]:true"))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.timeline()).isEqualTo(2);
                    assertThat(change.xid()).isEqualTo(733);
                    assertThat(change.schema() + "." + change.table()).isEqualTo("public.t");
                    assertThat(change.kind()).isEqualTo(Kind.INSERT);
                    assertThat(change.before()).isEmpty();
                    assertThat(change.after())
                            .containsExactly(
                                    new Column("id", "integer", "1", true),
                                    new Column("name", "text", "it's [x]:", true),
                                    new Column("big", "numeric", "1.50", true),
                                    new Column("none", "text", null, true),
                                    new Column("ok", "boolean", "true", true));
                });
    }

    @Test
    void namesAndTypesMayBeQuotedOrArrays() {
        assertThat(TestDecoding.changes(
                        1,
                        1,
                        "table \"My Schema\".\"a\"\"b\": INSERT: \"x y\"[text[]]:'{a,\"b\n"
                                + "c\"}' t[\"odd]:type\"]:'1' b[bit varying]:B'101'"))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.schema()).isEqualTo("My Schema");
                    assertThat(change.table()).isEqualTo("a\"b");
                    assertThat(change.after())
                            .containsExactly(
                                    new Column("x y", "text[]", "{a,\"b\nc\"}", true),
                                    new Column("t", "\"odd]:type\"", "1", true),
                                    new Column("b", "bit varying", "101", true));
                });
    }

    @Test
    void anUpdateHasTheFormerKeyOnlyWhereItChanged() {
        assertThat(TestDecoding.changes(1, 1, "table public.t: UPDATE: id[integer]:1 v[text]:unchanged-toast-datum"))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.before()).isEmpty();
                    assertThat(change.after()).contains(new Column("v", "text", null, false));
                });
        assertThat(TestDecoding.changes(
                        1,
                        1,
                        "table public.t: UPDATE: old-key: id[integer]:1 new-tuple: id[integer]:2 v[text]:'x"
                                + " new-tuple: y'"))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.before()).containsExactly(new Column("id", "integer", "1", true));
                    assertThat(change.after())
                            .containsExactly(
                                    new Column("id", "integer", "2", true),
                                    new Column("v", "text", "x new-tuple: y", true));
                });
    }

    @Test
    void aDeleteHasTheKeyOrNothing() {
        assertThat(TestDecoding.changes(1, 1, "table public.t: DELETE: id[integer]:1"))
                .singleElement()
                .satisfies(
                        change -> assertThat(change.before()).containsExactly(new Column("id", "integer", "1", true)));
        assertThat(TestDecoding.changes(1, 1, "table public.t: DELETE: (no-tuple-data)"))
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.kind()).isEqualTo(Kind.DELETE);
                    assertThat(change.before()).isEmpty();
                });
    }

    @Test
    void aTruncateIsOneChangeForEachTable() {
        assertThat(TestDecoding.changes(1, 1, "table public.a, public.\"B\": TRUNCATE: restart_seqs cascade"))
                .extracting(SalvagedChange::table)
                .containsExactly("a", "B");
    }

    @Test
    void otherLinesAreNoChanges() {
        assertThat(TestDecoding.changes(1, 1, "BEGIN 733")).isEmpty();
        assertThat(TestDecoding.changes(1, 1, "message: transactional: 1 prefix: x, sz: 1 content:y"))
                .isEmpty();
    }

    @Test
    void aLineOfAnotherFormIsRefusedWithoutItsValues() {
        assertThatThrownBy(() -> TestDecoding.changes(1, 1, "table public.t: MERGE: id[integer]:'secret'"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("INSERT, UPDATE, DELETE or TRUNCATE")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> TestDecoding.changes(1, 1, "table public.t: INSERT: id[text]:'cut"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
