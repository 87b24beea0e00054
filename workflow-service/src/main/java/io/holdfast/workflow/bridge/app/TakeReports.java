package io.holdfast.workflow.bridge.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.UnprocessableMessage;
import io.holdfast.workflow.WorkflowMessaging;
import io.holdfast.workflow.bridge.Report;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.util.Map;

/** Hands events and logs of attached workers on to the scheduler, which keeps the journal. */
@ApplicationScoped
public class TakeReports {

    private final Outbox outbox;
    private final ObjectMapper json;

    TakeReports(@OfService(WorkflowMessaging.SERVICE) Outbox outbox, ObjectMapper json) {
        this.outbox = outbox;
        this.json = json;
    }

    /** @throws UnprocessableMessage for what no event or log is */
    @Transactional
    public void take(byte[] body) {
        Object read;
        try {
            read = json.readValue(body, Object.class);
        } catch (JsonMappingException e) {
            throw new UnprocessableMessage("SCHEMA_VIOLATION", "not an event or log: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw new UnprocessableMessage("UNREADABLE", "not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UnprocessableMessage("UNREADABLE", "not readable: " + e.getMessage());
        }
        if (!(read instanceof Map<?, ?> message)) {
            throw new UnprocessableMessage("SCHEMA_VIOLATION", "not a JSON object");
        }
        try {
            Report.read(message).ifPresent(outbox::append);
        } catch (Report.NotAReport e) {
            throw new UnprocessableMessage("SCHEMA_VIOLATION", "not an event or log: " + e.getMessage());
        }
    }
}
