package io.holdfast.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SqlTest {

    private static final Entity THINGS = Entity.of("Thing", "shop.things e")
            .times("created_at")
            .texts("id", "colour")
            .bools("is_new")
            .jsons("plan")
            .derived("extra")
            .filterOnly("batch", "e.batch")
            .owned("e")
            .searchBy("_search", "e.id")
            .searchBy("_search_name", "e.name")
            .labelSort("SELECT min(l.value) FROM shop.labels l WHERE l.thing_id = e.id AND l.key = ?")
            .sortBy("created_at")
            .build();

    private static final String FOREIGN = "x'; DROP TABLE things; --";

    @Test
    void whatAClientSendsIsBoundAndNeverPartOfTheText() {
        // when
        Sql.Statement page = sql(Map.of(
                        "colour", List.of(FOREIGN, "red"),
                        "batch", List.of(FOREIGN),
                        "_search", List.of(FOREIGN),
                        "_sort", List.of("label:" + FOREIGN)))
                .page();
        // then
        assertThat(page.text()).doesNotContain("DROP");
        assertThat(page.binds())
                .contains(List.of(FOREIGN, "red"), FOREIGN, "%" + FOREIGN + "%")
                .hasSize((int) page.text().chars().filter(c -> c == '?').count());
    }

    @Test
    void everyOrderEndsInTheStorageIdSoThatPagesNeverOverlap() {
        assertThat(sql(Map.of()).page().text()).contains("ORDER BY (e.created_at) ASC, e.storage_id LIMIT");
        assertThat(sql(Map.of("_sort", List.of("-id", "+colour"))).page().text())
                .contains("ORDER BY (e.id) DESC, (e.colour) ASC, e.storage_id LIMIT");
    }

    @Test
    void withTheNewestFirstAnIndexIsReadBackwards() {
        assertThat(sql(Map.of("_sort", List.of("-created_at"))).page().text())
                .contains("ORDER BY (e.created_at) DESC, e.storage_id DESC LIMIT");
    }

    @Test
    void aTimeIsTheMillisecondThatIsShown() {
        // when
        Sql.Statement page = sql(Map.of(
                        "created_at",
                        List.of(
                                "2026-01-01T00:00:00.120Z",
                                "2026-01-01T03:00:00+02:00",
                                "no time",
                                "+12345-01-01T00:00:00Z")))
                .page();
        // then
        assertThat(page.text())
                .contains("((e.created_at) >= ? AND (e.created_at) < ? OR (e.created_at) >= ? AND (e.created_at) < ?)");
        assertThat(page.binds().stream().map(String::valueOf))
                .containsSubsequence(
                        "2026-01-01T00:00:00.120Z",
                        "2026-01-01T00:00:00.121Z",
                        "2026-01-01T01:00Z",
                        "2026-01-01T01:00:00.001Z")
                .noneMatch(bind -> bind.contains("12345"));
        assertThat(sql(Map.of("created_at", List.of("no time"))).page().text()).contains("false");
    }

    @Test
    void allResultsHaveNoLimit() {
        assertThat(sql(Map.of("_get_all_results", List.of("true"))).page().text())
                .doesNotContain("LIMIT");
    }

    @Test
    void wildcardsInASearchMeanThemselves() {
        assertThat(sql(Map.of("_search", List.of("50%_\\"))).page().binds()).contains("%50\\%\\_\\\\%");
    }

    @Test
    void whatIsNumberedIsLookedForByItsNumberFirst() {
        // when
        Sql.Statement page =
                sql(Map.of("_search", List.of("web-server-0815/a_b"))).page();
        // then
        assertThat(page.text()).contains("((e.id ILIKE ? AND (e.id || '') ILIKE ?))");
        assertThat(page.binds()).containsSubsequence("%-0815/%", "%web-server-0815/a\\_b%");
        for (String whole : List.of("web-server", "0815", "-0815", "web-12")) {
            assertThat(sql(Map.of("_search", List.of(whole))).page().text())
                    .as(whole)
                    .contains("(e.id ILIKE ?)");
        }
    }

    @Test
    void severalSearchesAreAlternatives() {
        assertThat(sql(Map.of("_search", List.of("abc"), "_search_name", List.of("b")))
                        .page()
                        .text())
                .contains("(e.id ILIKE ? OR (e.name) COLLATE \"C\" ILIKE ?)");
    }

    @Test
    void anUnknownFilterIsRefusedWithTheAllowedKeys() {
        assertThatThrownBy(() -> sql(Map.of("foo", List.of("1"))).page())
                .isInstanceOfSatisfying(
                        ManagerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_PARAMETERS))
                .hasMessage("Filter keys '['foo']' do not exist. Allowed keys are: ['created_at', 'id', 'colour',"
                        + " 'is_new', 'batch', 'visibility', 'tenant_name', 'created_by', 'resource_availability',"
                        + " 'private_resource']");
    }

    @Test
    void jsonAndDerivedFieldsAreNeitherFilteredNorSortedBy() {
        assertThatThrownBy(() -> sql(Map.of("plan", List.of("{}"))).page())
                .hasMessageStartingWith("Filter keys '['plan']' do not exist.");
        assertThatThrownBy(() -> sql(Map.of("_sort", List.of("extra"))).page())
                .hasMessageStartingWith("Sort keys '['extra']' do not exist. Allowed keys are: ['created_at', 'id'");
    }

    @Test
    void anUnknownIncludeHasAnErrorCodeOfItsOwn() {
        assertThatThrownBy(() -> sql(Map.of("_include", List.of("id,foo"))).page())
                .isInstanceOfSatisfying(
                        ManagerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SUCH_INCLUDE_FIELD))
                .hasMessageStartingWith(
                        "Include keys '['foo']' do not exist. Allowed keys are: ['created_at', 'id', 'colour'");
    }

    @Test
    void aListWithoutATenantIsRefused() {
        assertThatThrownBy(() -> sql(Map.of(), user(null, null)).page())
                .isInstanceOfSatisfying(
                        ManagerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN))
                .hasMessage("Authorization failed: tenant not provided");
    }

    @Test
    void onlyIncludedColumnsAreRead() {
        assertThat(sql(Map.of("_include", List.of("id"))).page().text())
                .startsWith("SELECT e.tenant_name, e.id, e.id FROM shop.things e");
    }

    private static Sql sql(Map<String, List<String>> parameters) {
        return sql(parameters, user("t1", null));
    }

    private static Sql sql(Map<String, List<String>> parameters, CallerIdentity caller) {
        return new Sql(THINGS, ListRequest.parse(parameters), caller, List.of());
    }

    private static CallerIdentity user(@Nullable String tenant, @Nullable List<String> visible) {
        return new CallerIdentity("alice", false, tenant, visible, List.of("user"), "http_basic", Instant.EPOCH);
    }
}
