package io.holdfast.restore.cloudify;

import io.holdfast.archive.cloudify.EntityType;
import io.holdfast.archive.cloudify.Item;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The fields that the mappings read. What another version of Cloudify adds is told, not lost in silence. */
final class KnownFields {

    private static final Map<EntityType, Set<String>> BY_TYPE = new EnumMap<>(EntityType.class);

    static {
        know(EntityType.TENANTS, "name rabbitmq_password created_at");
        know(EntityType.PERMISSIONS, "role permission");
        know(EntityType.USER_GROUPS, "name ldap_dn tenants role");
        know(
                EntityType.USERS,
                "username role tenant_roles created_at first_login_at last_login_at password_hash show_getting_started");
        know(EntityType.SITES, "name location visibility created_by created_at");
        know(EntityType.PLUGINS, "id title visibility uploaded_at created_by");
        know(
                EntityType.SECRETS_PROVIDERS,
                "name type visibility connection_parameters created_by created_at updated_at");
        know(
                EntityType.SECRETS,
                "key value schema visibility is_hidden_value encrypted tenant_name creator created_by created_at updated_at provider provider_name provider_options");
        know(
                EntityType.BLUEPRINTS,
                "id visibility labels created_at created_by updated_at state main_file_name plan description error error_traceback is_hidden requirements");
        know(
                EntityType.DEPLOYMENTS,
                "id blueprint_id inputs visibility labels display_name runtime_only_evaluation created_by created_at updated_at workflows groups policy_triggers policy_types outputs capabilities description scaling_groups resource_tags deployment_status installation_status sub_services_status sub_environments_status sub_services_count sub_environments_count site_name");
        know(
                EntityType.DEPLOYMENT_GROUPS,
                "id visibility description labels default_blueprint_id default_inputs deployment_ids created_by created_at creation_counter");
        know(
                EntityType.NODES,
                "id deployment_id host_id plugins plugins_to_install properties max_number_of_instances min_number_of_instances planned_number_of_instances deploy_number_of_instances number_of_instances relationships operations type type_hierarchy visibility created_by");
        know(
                EntityType.NODE_INSTANCES,
                "id deployment_id runtime_properties state relationships system_properties scaling_groups host_id index visibility node_id created_by has_configuration_drift is_status_check_ok version");
        know(
                EntityType.AGENTS,
                "id name deployment_id host_id node_instance_id state created_at created_by rabbitmq_password rabbitmq_username rabbitmq_exchange version system install_method ip visibility");
        know(
                EntityType.INTER_DEPLOYMENT_DEPENDENCIES,
                "id visibility created_at created_by dependency_creator target_deployment_func source_deployment_id target_deployment_id external_source external_target");
        know(
                EntityType.EXECUTIONS,
                "deployment_id deployment_display_name blueprint_id workflow_id parameters is_dry_run allow_custom_parameters status visibility created_by created_at id started_at ended_at error is_system_workflow scheduled_for resume total_operations finished_operations");
        know(
                EntityType.EXECUTION_GROUPS,
                "id visibility created_at workflow_id execution_ids concurrency deployment_group_id created_by");
        know(
                EntityType.EVENTS,
                "timestamp reported_timestamp type workflow_id blueprint_id deployment_id deployment_display_name execution_id message error_causes event_type operation source_id target_id node_instance_id node_name logger level manager_name agent_name visibility created_by");
        know(
                EntityType.DEPLOYMENT_UPDATES,
                "id deployment_id new_blueprint_id state new_inputs created_at created_by execution_id old_blueprint_id runtime_only_evaluation deployment_plan deployment_update_node_instances visibility steps central_plugins_to_install central_plugins_to_uninstall old_inputs deployment_update_nodes modified_entity_ids keep_old_deployment_dependencies");
        know(
                EntityType.PLUGINS_UPDATES,
                "id state forced all_tenants blueprint_id execution_id created_by created_at deployments_to_update deployments_per_tenant temp_blueprint_id visibility");
        know(EntityType.DEPLOYMENTS_FILTERS, "created_at updated_at id visibility value created_by is_system_filter");
        know(EntityType.BLUEPRINTS_FILTERS, "created_at updated_at id visibility value created_by is_system_filter");
        know(EntityType.TASKS_GRAPHS, "id created_at created_by visibility execution_id name operations");
        know(
                EntityType.EXECUTION_SCHEDULES,
                "id rule deployment_id workflow_id created_at since until stop_on_fail parameters execution_arguments slip enabled created_by visibility");
    }

    private KnownFields() {}

    /** Fields of an item that no mapping reads, and that hold something. */
    static List<String> unknown(EntityType type, Item item) {
        Set<String> known = BY_TYPE.getOrDefault(type, Set.of());
        if (item.hasOnly(known)) {
            return List.of();
        }
        return item.fieldNames().stream()
                .filter(field -> !known.contains(field) && item.has(field))
                .toList();
    }

    private static void know(EntityType type, String fields) {
        BY_TYPE.put(type, Set.of(fields.split(" ")));
    }
}
