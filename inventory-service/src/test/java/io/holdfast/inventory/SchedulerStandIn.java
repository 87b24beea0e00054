package io.holdfast.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Another service's one answer that the inventory needs. */
@Singleton
@Path("/internal/scheduler/executions/lookup")
public class SchedulerStandIn {

    final Map<String, ObjectNode> executions = new ConcurrentHashMap<>();
    final List<Integer> questions = new ArrayList<>();

    @POST
    public ObjectNode lookup(JsonNode question) {
        questions.add(question.path("ids").size());
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        var items = answer.putArray("items");
        for (JsonNode id : question.path("ids")) {
            ObjectNode execution = executions.get(
                    id.path("tenant_name").asText() + "/" + id.path("id").asText());
            if (execution != null) {
                items.add(execution);
            }
        }
        return answer;
    }
}
