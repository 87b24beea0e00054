package io.holdfast.cluster.agent.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.cluster.postgres.Salvage;
import io.holdfast.cluster.postgres.SalvageEntry;
import io.holdfast.cluster.postgres.SalvageMerge;
import io.holdfast.cluster.postgres.SalvagedChange;
import io.holdfast.cluster.postgres.server.LocalPostgres;
import io.holdfast.cluster.postgres.server.SalvageStore;
import java.util.List;
import java.util.Locale;

/** What nodes had alone when they came back, as JSON. For the active node, whose database holds it. */
final class SalvageDesk {

    private static final String MOST = "1000";

    private final LocalPostgres postgres;

    SalvageDesk(LocalPostgres postgres) {
        this.postgres = postgres;
    }

    AgentHttp.Answer list() {
        ObjectNode body = Json.object();
        ArrayNode items = body.putArray("items");
        postgres.salvage().list().forEach(salvage -> items.add(summary(salvage)));
        return AgentHttp.Answer.ok(body);
    }

    AgentHttp.Answer show(AgentHttp.Request request, long id) {
        SalvageStore store = postgres.salvage();
        ObjectNode body = summary(store.get(id));
        List<SalvageEntry> entries = store.show(
                id, Long.parseLong(request.number("after", "0")), Integer.parseInt(request.number("limit", MOST)));
        ArrayNode changes = body.putArray("items");
        entries.forEach(entry -> changes.add(change(entry)));
        return AgentHttp.Answer.ok(body);
    }

    /** All of it as JSON lines, each change compared with what the active has now. */
    AgentHttp.Reply export(long id) {
        SalvageStore store = postgres.salvage();
        store.get(id); // one that is not there is refused before the answer begins
        return new AgentHttp.Download("application/x-ndjson", out -> store.export(id, out));
    }

    AgentHttp.Answer apply(AgentHttp.Request request, long id) {
        String scope = Json.body(request.body()).path("scope").asText("inserts");
        if (!List.of("inserts", "untouched").contains(scope)) {
            throw Problem.badRequest("scope is " + scope, "say inserts, or untouched for updates and deletes too");
        }
        SalvageMerge merge = postgres.salvage().apply(id, SalvageMerge.Scope.valueOf(scope.toUpperCase(Locale.ROOT)));
        ObjectNode body = Json.object();
        body.put("applied", merge.applied());
        body.put("present", merge.present());
        body.put("left", merge.left());
        body.set("sequences", Json.tree(merge.sequences()));
        ArrayNode conflicts = body.putArray("conflicts");
        merge.conflicts().forEach(entry -> conflicts.add(change(entry)));
        return AgentHttp.Answer.ok(body);
    }

    AgentHttp.Answer discard(long id) {
        return AgentHttp.Answer.ok(summary(postgres.salvage().discard(id)));
    }

    private static ObjectNode summary(Salvage salvage) {
        ObjectNode row = Json.object();
        row.put("id", salvage.id());
        row.put("node", salvage.node().value());
        row.put("epoch", salvage.epoch());
        row.put("divergence", salvage.divergence().toString());
        row.put("state", salvage.state().name().toLowerCase(Locale.ROOT));
        row.put("changes", salvage.changes());
        row.put("open", salvage.open());
        row.put("at", salvage.parkedAt());
        row.set("notes", Json.tree(salvage.notes()));
        return row;
    }

    private static JsonNode change(SalvageEntry entry) {
        SalvagedChange change = entry.change();
        ObjectNode row = Json.object();
        row.put("ordinal", entry.ordinal());
        row.put("table", change.schema() + "." + change.table());
        row.put("kind", change.kind().name().toLowerCase(Locale.ROOT));
        row.put("state", entry.state().name().toLowerCase(Locale.ROOT));
        row.put("reason", entry.reason());
        row.set("before", columns(change.before()));
        row.set("after", columns(change.after()));
        return row;
    }

    private static ObjectNode columns(List<SalvagedChange.Column> columns) {
        ObjectNode values = Json.object();
        for (SalvagedChange.Column column : columns) {
            if (column.known()) {
                values.put(column.name(), column.value());
            }
        }
        return values;
    }
}
