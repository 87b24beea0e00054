package io.holdfast.inventory.blueprints.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.blueprints.BlueprintState;
import io.holdfast.inventory.blueprints.app.UploadBlueprint;
import io.holdfast.inventory.resources.Visibility;

/** A blueprint that was validated, in the shape of one that is kept (cloudify-api section 16). */
final class ValidatedBlueprint {

    private ValidatedBlueprint() {}

    static ObjectNode json(
            UploadBlueprint.Request request,
            UploadBlueprint.Validated validated,
            CallerIdentity caller,
            ObjectMapper mapper) {
        String at = ApiTime.format(validated.at());
        String visibility = request.visibility().wireName();
        ObjectNode json = mapper.createObjectNode()
                .put("created_at", at)
                .put("id", request.id())
                .put("visibility", visibility)
                .put("main_file_name", request.mainFile());
        // Its equal parts are one object; a tree would hold each of them.
        json.putPOJO("plan", validated.plan().data());
        json.set("requirements", mapper.valueToTree(validated.plan().requirements()));
        json.putNull("updated_at")
                .put("description", validated.plan().description())
                .put("is_hidden", false)
                .put("state", BlueprintState.VALIDATING.wireName())
                .putNull("error")
                .putNull("error_traceback")
                .put("tenant_name", caller.tenant())
                .put("created_by", caller.username())
                .put("resource_availability", visibility)
                .put("private_resource", request.visibility() == Visibility.PRIVATE);
        ArrayNode labels = json.putArray("labels");
        validated
                .labels()
                .forEach(label -> labels.addObject()
                        .put("key", label.key())
                        .put("value", label.value())
                        .put("created_at", at)
                        .put("created_by", caller.username()));
        json.set("upload_execution", validated.execution());
        return json;
    }
}
