package io.holdfast.cluster.agent.loop;

import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.agent.codec.ElectionJson;
import io.holdfast.cluster.agent.state.DurableFile;
import io.holdfast.cluster.election.NodeId;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the members are. Begins with what the configuration file says; the active node's addresses are taken over and kept, so that a
 * node that joined is known after a restart too. Thread-safe.
 */
public final class AddressBook {

    private final DurableFile file;
    private volatile Map<String, MemberAddress> addresses;

    /** @param configured of {@code agent.properties}; what was learned goes before it, but for {@code self} */
    public AddressBook(DurableFile file, List<MemberAddress> configured, MemberAddress self) {
        this.file = file;
        Map<String, MemberAddress> all = new LinkedHashMap<>();
        configured.forEach(address -> all.put(address.id(), address));
        file.read()
                .ifPresent(json -> ElectionJson.addresses(json, "state/addresses")
                        .forEach(address -> all.put(address.id(), address)));
        all.put(self.id(), self);
        this.addresses = Map.copyOf(all);
    }

    Optional<MemberAddress> of(NodeId node) {
        return of(node.value());
    }

    Optional<MemberAddress> of(String node) {
        return Optional.ofNullable(addresses.get(node));
    }

    /** Sorted by id. */
    List<MemberAddress> all() {
        return new ArrayList<>(new TreeMap<>(addresses).values());
    }

    /** @return whether anything changed; it is on disk then */
    synchronized boolean learn(Collection<MemberAddress> others) {
        Map<String, MemberAddress> all = new LinkedHashMap<>(addresses);
        others.forEach(address -> all.put(address.id(), address));
        return store(all);
    }

    synchronized boolean forget(String node) {
        Map<String, MemberAddress> all = new LinkedHashMap<>(addresses);
        all.remove(node);
        return store(all);
    }

    private boolean store(Map<String, MemberAddress> all) {
        if (all.equals(addresses)) {
            return false;
        }
        file.write(ElectionJson.write(List.copyOf(new TreeMap<>(all).values())));
        addresses = Map.copyOf(all);
        return true;
    }

    Map<String, InetSocketAddress> peers() {
        Map<String, InetSocketAddress> peers = new LinkedHashMap<>();
        addresses.forEach((id, address) -> peers.put(id, new InetSocketAddress(address.host(), address.peerPort())));
        return peers;
    }

    /** The database of a node; null for a node that is not known or has none. */
    @Nullable
    InetSocketAddress database(NodeId node) {
        MemberAddress address = addresses.get(node.value());
        return address == null || address.isWitness()
                ? null
                : new InetSocketAddress(address.host(), address.postgresPort());
    }
}
