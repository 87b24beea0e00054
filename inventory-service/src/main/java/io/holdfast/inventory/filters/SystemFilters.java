package io.holdfast.inventory.filters;

import io.holdfast.inventory.filters.FilterRule.Operator;
import io.holdfast.inventory.labels.Label;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The filters that every manager has, global and not to be changed: of environments, of services, and of deployments by what made them.
 * They are no rows, so no archive has to carry them. Source: cloudify-api section 14.
 */
public final class SystemFilters {

    private static final String KIND = "csys-obj-type";
    private static final String ENVIRONMENT = "environment";

    /** Value of the label {@code obj-type} by id. */
    private static final List<String> MADE_BY = List.of(
            "aws",
            "azure",
            "gcp",
            "terragrunt",
            "helm",
            "ansible",
            "starlingx",
            "vsphere",
            "docker",
            "netconf",
            "fabric",
            "libvirt",
            "utilities",
            "host-pool",
            "diamond",
            "openstack",
            "openstack-v3",
            "vcloud");

    private static final Map<String, List<FilterRule>> OF_DEPLOYMENTS = ofDeployments();

    private SystemFilters() {}

    /** Rules by id, in the order in which they are listed. */
    public static Map<String, List<FilterRule>> of(Filtered filtered) {
        return filtered == Filtered.DEPLOYMENTS ? OF_DEPLOYMENTS : Map.of();
    }

    private static Map<String, List<FilterRule>> ofDeployments() {
        Map<String, List<FilterRule>> filters = new LinkedHashMap<>();
        filters.put(
                "csys-environment-filter",
                List.of(
                        new FilterRule(true, KIND, Operator.ANY_OF, List.of(ENVIRONMENT)),
                        new FilterRule(true, Label.PARENT, Operator.IS_NULL, List.of())));
        filters.put("csys-service-filter", List.of(new FilterRule(true, KIND, Operator.IS_NOT, List.of(ENVIRONMENT))));
        filters.put("csys-k8s-filter", madeBy("k8s"));
        filters.put("csys-terraform-filter", madeBy("terraform"));
        MADE_BY.forEach(kind -> filters.put(kind + "-deployments", madeBy(kind)));
        return Collections.unmodifiableMap(filters);
    }

    private static List<FilterRule> madeBy(String kind) {
        return List.of(new FilterRule(true, "obj-type", Operator.ANY_OF, List.of(kind)));
    }
}
