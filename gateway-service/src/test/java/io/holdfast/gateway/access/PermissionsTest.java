package io.holdfast.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.gateway.bootstrap.ShippedFacts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PermissionsTest {

    private final Permissions permissions = new Permissions(ShippedFacts.permissions().stream()
            .map(grant -> new Permissions.Grant(grant.role(), grant.permission()))
            .toList());

    private static Account account(
            String role, boolean bootstrap, Map<String, String> direct, GroupMembership... groups) {
        return new Account("someone", role, true, bootstrap, true, null, null, null, 0, null, direct, List.of(groups));
    }

    private static Account member(Map<String, String> direct, GroupMembership... groups) {
        return account("default", false, direct, groups);
    }

    @Test
    void aTenantRoleCountsInItsTenantOnly() {
        Account viewer = member(Map.of("one", "viewer"));
        assertThat(permissions.permits(viewer, "blueprint_list", "one")).isTrue();
        assertThat(permissions.permits(viewer, "blueprint_upload", "one")).isFalse();
        assertThat(permissions.permits(viewer, "blueprint_list", "two")).isFalse();
        assertThat(permissions.permits(viewer, "blueprint_list", null)).isFalse();
    }

    @Test
    void aGroupBringsItsTenantRolesAndItsSystemRole() {
        Account manager = member(Map.of(), new GroupMembership("g", "default", Map.of("one", "manager")));
        assertThat(permissions.permits(manager, "blueprint_delete", "one")).isTrue();
        assertThat(manager.isAdmin()).isFalse();
        Account admin = member(Map.of(), new GroupMembership("g", "sys_admin", Map.of()));
        assertThat(permissions.permits(admin, "snapshot_create", "one")).isTrue();
    }

    @Test
    void theBootstrapAdminMayDoEverythingWhateverItsRole() {
        Account admin = account("default", true, Map.of());
        assertThat(permissions.permits(admin, "snapshot_restore", null)).isTrue();
        assertThat(permissions.permits(admin, "a_permission_that_nobody_holds", null))
                .isTrue();
    }

    @Test
    void everybodyMayAskForStatusAndVersion() {
        Account nobody = member(Map.of());
        assertThat(permissions.permits(nobody, "status_get", null)).isTrue();
        assertThat(permissions.permits(nobody, "version_get", null)).isTrue();
        assertThat(permissions.permits(nobody, "snapshot_list", null)).isFalse();
    }

    @Test
    void listsOverAllTenantsShowThoseWhereThePermissionIsHeld() {
        Account user = member(
                Map.of("a", "viewer", "b", "operations"), new GroupMembership("g", "default", Map.of("c", "manager")));
        assertThat(permissions.tenantsVisibleTo(user, "blueprint_list")).contains(List.of("a", "b", "c"));
        assertThat(permissions.tenantsVisibleTo(user, "blueprint_delete")).contains(List.of("c"));
        assertThat(permissions.tenantsVisibleTo(account("sys_admin", false, Map.of()), "blueprint_list"))
                .isEmpty();
    }

    @Test
    void aDirectRoleComesBeforeThoseOfGroups() {
        Account user = member(Map.of("a", "viewer"), new GroupMembership("g", "default", Map.of("a", "manager")));
        assertThat(user.rolesIn("a")).containsExactly("viewer", "manager");
    }

    @Test
    void theShippedTableHas844Rows() {
        assertThat(ShippedFacts.permissions()).hasSize(844).doesNotHaveDuplicates();
        assertThat(permissions.rolesWith("blueprint_upload")).containsExactlyInAnyOrder("sys_admin", "manager", "user");
        assertThat(permissions.rolesWith("snapshot_create")).containsExactly("sys_admin");
    }
}
