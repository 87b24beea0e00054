package io.holdfast.inventory.content.app;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Addresses of the manager's own machine and of its link, metadata services of clouds among them. What listens there may trust a request
 * because of where it comes from, so that a user must not have the manager send one.
 */
public final class LocalAddresses {

    private LocalAddresses() {}

    /**
     * The first local address of a URL's host; empty: it has none. By all addresses of the name: a client then uses one of them, which the
     * JVM remembers for longer than the request takes.
     */
    public static Optional<InetAddress> of(URI url) throws UnknownHostException {
        String host = url.getHost().replaceAll("^\\[|\\]$", "");
        return Arrays.stream(InetAddress.getAllByName(host))
                .filter(address ->
                        address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isAnyLocalAddress())
                .findFirst();
    }
}
