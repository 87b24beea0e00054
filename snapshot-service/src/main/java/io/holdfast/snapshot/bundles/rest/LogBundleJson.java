package io.holdfast.snapshot.bundles.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.ApiTime;
import io.holdfast.snapshot.bundles.LogBundle;

/** A log bundle as clients see it. Source: cloudify-api section 16. */
final class LogBundleJson {

    private static final String VISIBILITY = "private";

    private LogBundleJson() {}

    static ObjectNode of(LogBundle bundle) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("created_at", ApiTime.format(bundle.createdAt()));
        json.put("id", bundle.id());
        json.put("visibility", VISIBILITY);
        json.put("status", bundle.status().wireName());
        json.put("error", bundle.error());
        json.put("tenant_name", bundle.tenantName());
        json.put("created_by", bundle.createdBy());
        json.put("resource_availability", VISIBILITY);
        json.put("private_resource", true);
        return json;
    }
}
