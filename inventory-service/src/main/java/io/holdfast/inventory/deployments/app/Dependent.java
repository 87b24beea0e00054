package io.holdfast.inventory.deployments.app;

import io.holdfast.inventory.labels.Label;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What depends on a deployment, as the API's refusals tell it.
 *
 * @param deploymentId null: none of this manager, or of another tenant
 */
public record Dependent(@Nullable String deploymentId, String text) {

    private static final String COMPONENT = "component";
    private static final String SHARED = "sharedresource";

    /**
     * One that uses what the deployment offers.
     *
     * @param creator what says so in the blueprint, as {@code component.NODE} or {@code nodes.NODE.properties.p}
     * @param externalSource where it is, as JSON; null: in this manager
     */
    public static Dependent user(@Nullable String deploymentId, String creator, @Nullable String externalSource) {
        String verb = switch (kind(creator)) {
            case COMPONENT -> "contains";
            case SHARED -> "uses a shared resource from";
            default -> "uses capabilities of";
        };
        String name = deploymentId;
        if (name == null) {
            name = externalSource == null ? "<unknown deployment>" : "EXTERNAL:" + externalSource;
        }
        return new Dependent(
                deploymentId,
                "Deployment `" + name + "` " + verb + " the current deployment in its node `" + node(creator) + "`");
    }

    /** How a deployment is used: {@code component}, {@code sharedresource}, or else {@code deployment}. @param creator as of {@link #user} */
    public static String kind(String creator) {
        String[] steps = creator.split("\\.");
        return steps.length > 1 && (steps[0].equals(COMPONENT) || steps[0].equals(SHARED)) ? steps[0] : "deployment";
    }

    /** The node that uses it. @param creator as of {@link #user} */
    public static String node(String creator) {
        String[] steps = creator.split("\\.");
        return steps.length > 1 ? steps[1] : "<unknown node>";
    }

    /** As {@link #user}, one of another tenant: none of those that the caller means by their ids. */
    public static Dependent ofOtherTenant(
            @Nullable String deploymentId, String creator, @Nullable String externalSource) {
        return new Dependent(null, user(deploymentId, creator, externalSource).text());
    }

    /** One that has the label {@link Label#PARENT}. */
    public static Dependent child(String deploymentId, String parent) {
        return new Dependent(deploymentId, "Deployment `" + parent + "` is the parent of deployment " + deploymentId);
    }

    /** Numbered lines. */
    public static String list(List<Dependent> dependents) {
        List<String> lines = new ArrayList<>();
        for (Dependent dependent : dependents) {
            lines.add("  [" + (lines.size() + 1) + "] " + dependent.text());
        }
        return String.join("\n", lines);
    }
}
