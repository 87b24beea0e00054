package io.holdfast.cluster.agent.codec;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.holdfast.cluster.agent.AgentRefused;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.election.DurableState;
import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Message;
import io.holdfast.cluster.election.NodeId;
import java.io.IOException;
import java.util.List;

/**
 * Reads and writes what the election says and remembers. Unknown fields are left out, so that nodes of two versions understand each
 * other; a missing or impossible value is an error.
 */
public final class ElectionJson {

    private static final JsonMapper MAPPER = mapper();

    private ElectionJson() {}

    /**
     * What one datagram carries.
     *
     * @param clusterId PostgreSQL's system identifier, 0 if the sender knows none yet
     * @param addresses of all members as the sender knows them, with a heartbeat of the active node; else empty
     */
    public record Parcel(long clusterId, Message message, List<MemberAddress> addresses) {
        public Parcel {
            addresses = addresses == null ? List.of() : List.copyOf(addresses);
        }
    }

    /** What came is no message of this protocol. */
    public static final class Unreadable extends Exception {

        private static final long serialVersionUID = 1L;

        Unreadable(Throwable cause) {
            super(cause);
        }
    }

    public static byte[] write(Parcel parcel) {
        try {
            return MAPPER.writeValueAsBytes(parcel);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message that cannot be written: " + parcel, e);
        }
    }

    public static Parcel parcel(byte[] payload) throws Unreadable {
        try {
            Parcel parcel = MAPPER.readValue(payload, Parcel.class);
            if (parcel == null || parcel.message() == null) {
                throw new IOException("no message in it");
            }
            return parcel;
        } catch (IOException | RuntimeException e) {
            throw new Unreadable(e);
        }
    }

    public static String write(DurableState state) {
        try {
            return MAPPER.writeValueAsString(state);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a state that cannot be written: " + state, e);
        }
    }

    /** @param source named in the error */
    public static DurableState durableState(String json, Object source) {
        try {
            return MAPPER.readValue(json, DurableState.class);
        } catch (IOException | RuntimeException e) {
            throw new AgentRefused(
                    source + " is whole, but not a state that this version knows: " + e.getMessage()
                            + "; start the version that wrote it, or let the node join anew",
                    e);
        }
    }

    public static String write(List<MemberAddress> addresses) {
        try {
            return MAPPER.writeValueAsString(addresses);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("addresses that cannot be written: " + addresses, e);
        }
    }

    /** @param source named in the error */
    public static List<MemberAddress> addresses(String json, Object source) {
        try {
            return List.of(MAPPER.readValue(json, MemberAddress[].class));
        } catch (IOException | RuntimeException e) {
            throw new AgentRefused(source + " holds no addresses: " + e.getMessage() + "; remove the file", e);
        }
    }

    private static JsonMapper mapper() {
        SimpleModule values = new SimpleModule()
                .addSerializer(NodeId.class, new ToStringSerializer(NodeId.class))
                .addSerializer(Lsn.class, new ToStringSerializer(Lsn.class))
                .addSerializer(MemberAddress.class, new ToStringSerializer(MemberAddress.class))
                .addDeserializer(NodeId.class, new OfText<>(NodeId.class, NodeId::new))
                .addDeserializer(Lsn.class, new OfText<>(Lsn.class, Lsn::parse))
                .addDeserializer(MemberAddress.class, new OfText<>(MemberAddress.class, MemberAddress::parse));
        return JsonMapper.builder()
                .addModule(values)
                .addMixIn(Message.class, MessageTypes.class)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                // what a record computes from its components is not part of it
                .visibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)
                .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
                .visibility(PropertyAccessor.CREATOR, JsonAutoDetect.Visibility.ANY)
                .build();
    }

    /** The names on the wire. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Message.Heartbeat.class, name = "heartbeat"),
        @JsonSubTypes.Type(value = Message.HeartbeatAnswer.class, name = "heartbeat-answer"),
        @JsonSubTypes.Type(value = Message.PrevoteRequest.class, name = "prevote-request"),
        @JsonSubTypes.Type(value = Message.PrevoteAnswer.class, name = "prevote-answer"),
        @JsonSubTypes.Type(value = Message.PromiseRequest.class, name = "promise-request"),
        @JsonSubTypes.Type(value = Message.Promise.class, name = "promise"),
        @JsonSubTypes.Type(value = Message.Nomination.class, name = "nomination"),
        @JsonSubTypes.Type(value = Message.Stale.class, name = "stale"),
        @JsonSubTypes.Type(value = Message.Resignation.class, name = "resignation")
    })
    private interface MessageTypes {}

    /** A value of which the text says all. */
    private static final class OfText<T> extends FromStringDeserializer<T> {

        private static final long serialVersionUID = 1L;

        private final transient java.util.function.Function<String, T> parser;

        OfText(Class<T> type, java.util.function.Function<String, T> parser) {
            super(type);
            this.parser = parser;
        }

        @Override
        protected T _deserialize(String text, DeserializationContext context) {
            return parser.apply(text);
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return super.deserialize(parser, context);
        }
    }
}
