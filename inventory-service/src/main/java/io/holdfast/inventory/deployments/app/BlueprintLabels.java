package io.holdfast.inventory.deployments.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.PythonText;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.language.PreparedDeployment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The labels that a blueprint gives a deployment.
 *
 * @param displayName null: as the id
 * @param owner who the deployment belongs to
 */
public record BlueprintLabels(
        String tenant,
        String id,
        String blueprintId,
        @Nullable String displayName,
        String owner) {

    /** @throws ManagerException deployment_creation_error for a value that is not known yet; as {@link Label#of} */
    public List<Label> of(PreparedDeployment prepared) {
        Set<Label> labels = new LinkedHashSet<>();
        prepared.labels()
                .forEach((key, values) -> values.forEach(value -> {
                    String text = value instanceof String given ? given : systemValue(value);
                    if (text == null) {
                        throw new ManagerException(
                                ErrorCode.DEPLOYMENT_CREATION,
                                "the label `" + key + "` of the blueprint has the value " + PythonText.str(value)
                                        + ", which is not known when the deployment is made",
                                "use text, get_input, get_property or get_sys in labels");
                    }
                    labels.add(Label.of(key, text));
                }));
        return List.copyOf(labels);
    }

    private @Nullable String systemValue(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> function) || !(function.get("get_sys") instanceof List<?> path)) {
            return null;
        }
        return switch (path.get(0) + "." + path.get(1)) {
            case "tenant.name" -> tenant;
            case "deployment.id" -> id;
            case "deployment.blueprint" -> blueprintId;
            case "deployment.owner" -> owner;
            case "deployment.name" -> displayName == null ? id : displayName;
            default -> null;
        };
    }
}
