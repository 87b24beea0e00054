package io.holdfast.workflow.bridge.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.workflow.bridge.PluginTask;
import io.holdfast.workflow.bridge.app.TellOfPlugin;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the inventory says what is to be done with a plugin on attached workers. Never for users: it makes tokens for any of them. */
@Path("/internal/workflow/plugin-tasks")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class PluginTasksResource {

    private final TellOfPlugin tell;
    private final CurrentCaller caller;

    PluginTasksResource(TellOfPlugin tell, CurrentCaller caller) {
        this.tell = tell;
        this.caller = caller;
    }

    /** @param username on whose behalf */
    record Task(
            @Nullable String username,
            @Nullable Map<String, Object> plugin,
            @Nullable List<String> managers) {}

    /** @return whether workers are told */
    @POST
    @Path("/{task}")
    public Map<String, Boolean> tell(@PathParam("task") String name, @Nullable Task body) {
        if (!caller.identity().authMethod().equals(CallerIdentity.INTERNAL)) {
            throw new ManagerException(ErrorCode.FORBIDDEN, "only services of the manager may ask this", null);
        }
        return Map.of("told", tell.tell(task(name), request(body)));
    }

    private static PluginTask task(String name) {
        return switch (name) {
            case "install" -> PluginTask.INSTALL;
            case "uninstall" -> PluginTask.UNINSTALL;
            default -> throw new ManagerException(ErrorCode.NOT_FOUND, "there is no task " + name, null);
        };
    }

    private TellOfPlugin.Request request(@Nullable Task task) {
        if (task == null
                || task.username() == null
                || task.plugin() == null
                || !(task.plugin().get("id") instanceof String)
                || task.managers() == null
                || task.managers().isEmpty()) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "username, plugin with its id, and managers are needed", null);
        }
        return new TellOfPlugin.Request(caller.tenant(), task.username(), task.plugin(), task.managers());
    }
}
