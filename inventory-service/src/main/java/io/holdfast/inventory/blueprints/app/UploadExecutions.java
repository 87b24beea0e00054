package io.holdfast.inventory.blueprints.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;

/** Executions, which another service owns. */
public interface UploadExecutions {

    record Key(String tenant, String id) {}

    /** Those that exist, in one question. A service that does not answer knows none: lists work without it. */
    Map<Key, ObjectNode> find(Collection<Key> keys);

    /** What the product shows where there is no execution: every field null. */
    ObjectNode none();
}
