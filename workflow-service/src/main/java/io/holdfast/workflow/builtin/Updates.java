package io.holdfast.workflow.builtin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Updates of deployments, as far as workflows carry them out. Every method asks another service. */
public interface Updates {

    /**
     * Starts an update that an execution of its own carries out, on behalf of this one; one that was started stays as it is.
     *
     * @param parameters of the execution, which become the update's
     * @param creator whom the update is of; null: the manager
     */
    void start(Change change, Map<String, ?> parameters, @Nullable String creator);

    /**
     * Begins an update that this execution carries out; one that was begun stays as it is.
     *
     * @param parameters of the execution: {@code blueprint_id}, {@code inputs}, {@code runtime_only_evaluation}, {@code force}
     * @param creator whom the update is of; null: the manager
     */
    void begin(Change change, Map<String, ?> parameters, @Nullable String creator);

    /**
     * Works out what it consists of and, unless it is a preview, gives the deployment what is new; from the beginning where that was done
     * before.
     *
     * @param parameters of the execution: {@code inputs}, {@code auto_correct_types}
     */
    Update prepare(Change change, Map<String, ?> parameters, boolean preview, @Nullable String creator);

    /** The deployment becomes what it is to be. @return what could not be done about its schedules: a line each */
    List<String> finish(Change change, @Nullable String creator);

    /** The deployment becomes what it was, and the update has failed; one that is over stays as it is. */
    void giveUp(Change change);

    /** Which update it is, and who carries it out or starts it. */
    record Change(String tenantName, String id, String deploymentId, String executionId) {}
}
