package io.holdfast.cluster.agent.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.cluster.agent.AgentRefused;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.agent.codec.ElectionJson.Parcel;
import io.holdfast.cluster.election.Configuration;
import io.holdfast.cluster.election.ConfigurationVersion;
import io.holdfast.cluster.election.DurableState;
import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Member;
import io.holdfast.cluster.election.MemberKind;
import io.holdfast.cluster.election.Message;
import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Position;
import io.holdfast.cluster.election.Role;
import io.holdfast.cluster.election.TimelineSwitch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ElectionJsonTest {

    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final Position POSITION = new Position(7, Lsn.parse("FFFFFFFF/FFFFFFF0"));
    private static final Configuration CONFIGURATION = new Configuration(
            new ConfigurationVersion(7, 2),
            List.of(
                    new Member(N1, MemberKind.DATA, true, Long.MIN_VALUE, 5),
                    new Member(N2, MemberKind.DATA, false, 0, 0),
                    new Member(new NodeId("w"), MemberKind.WITNESS, true, 9, 0)),
            Set.of(N1),
            true);
    private static final List<Message> MESSAGES = List.of(
            new Message.Heartbeat(
                    7,
                    true,
                    List.of(new TimelineSwitch(7, 3, Lsn.parse("0/4016A90"))),
                    Long.MAX_VALUE,
                    POSITION.lsn(),
                    POSITION,
                    CONFIGURATION),
            new Message.HeartbeatAnswer(7, -5, new ConfigurationVersion(7, 2), 9, Role.FOLLOWER, true, POSITION, true),
            new Message.PrevoteRequest(8, true),
            new Message.PrevoteAnswer(8, false),
            new Message.PromiseRequest(8),
            new Message.Promise(8, 9, POSITION, CONFIGURATION),
            new Message.Nomination(8, CONFIGURATION),
            new Message.Stale(9),
            new Message.Resignation(9, N2),
            new Message.Resignation(9, null));

    @Test
    void everyMessageArrivesAsItWasSent() throws Exception {
        List<Class<?>> kinds = new ArrayList<>();
        for (Message message : MESSAGES) {
            // given
            Parcel parcel = new Parcel(-77, message, List.of(MemberAddress.parse("n1@[::1]:1:2:3:0")));
            // when
            byte[] written = ElectionJson.write(parcel);
            // then
            assertThat(ElectionJson.parcel(written)).isEqualTo(parcel);
            assertThat(written.length).isLessThan(1400);
            kinds.add(message.getClass());
        }
        assertThat(kinds).contains(Message.class.getPermittedSubclasses());
    }

    @Test
    void theStateIsReadAsItWasWritten() {
        // given
        DurableState state = new DurableState(-77, N1, MemberKind.DATA, 9, 8, N2, null, 7, CONFIGURATION, true);
        // when
        String written = ElectionJson.write(state);
        // then
        assertThat(ElectionJson.durableState(written, "it")).isEqualTo(state);
    }

    @Test
    void aFieldOfALaterVersionDisturbsNobody() throws Exception {
        String json =
                "{\"clusterId\":1,\"message\":{\"type\":\"stale\",\"epoch\":4,\"mood\":\"good\"},\"addresses\":[],\"extra\":[]}";
        assertThat(ElectionJson.parcel(json.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Parcel(1, new Message.Stale(4), List.of()));
    }

    @Test
    void whatIsNoMessageIsAnErrorAndNothingElse() {
        for (String json : List.of(
                "",
                "null",
                "[]",
                "{}",
                "{\"clusterId\":1}",
                "{\"clusterId\":1,\"message\":null}",
                "{\"clusterId\":1,\"message\":{\"type\":\"stale\"}}",
                "{\"clusterId\":1,\"message\":{\"type\":\"stale\",\"epoch\":null}}",
                "{\"clusterId\":1,\"message\":{\"type\":\"java.lang.Runtime\",\"epoch\":4}}",
                "{\"clusterId\":1,\"message\":{\"type\":\"resignation\",\"epoch\":4,\"successor\":\"../n1\"}}",
                "{\"clusterId\":1,\"message\":{\"type\":\"stale\",\"epoch\":4}} trailing")) {
            assertThatThrownBy(() -> ElectionJson.parcel(json.getBytes(StandardCharsets.UTF_8)))
                    .as(json)
                    .isInstanceOf(ElectionJson.Unreadable.class);
        }
        assertThatThrownBy(() -> ElectionJson.durableState("{\"epoch\":1}", "state/election"))
                .isInstanceOf(AgentRefused.class)
                .hasMessageContaining("state/election is whole");
    }
}
