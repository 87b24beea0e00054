package io.holdfast.gateway.requests.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.Account;
import io.holdfast.gateway.authentication.Accounts;
import io.holdfast.gateway.requests.BrokerUsers;
import io.holdfast.gateway.requests.Producer;
import io.holdfast.gateway.requests.Producers;
import io.holdfast.messaging.BrokerAddress;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Sets producers up and takes them down: the record here and the user at the broker together. For administrators. */
@ApplicationScoped
public class ManageProducers {

    /** What routing keys and regular expressions hold without trouble. */
    private static final String ROUTABLE = "[A-Za-z0-9_.~-]+";

    private static final int PASSWORD_BYTES = 24;

    private final Producers producers;
    private final Accounts accounts;
    private final List<BrokerUsers> ways;
    private final BrokerAddress broker;
    private final Optional<String> publicUrl;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public ManageProducers(
            Producers producers,
            Accounts accounts,
            @All List<BrokerUsers> ways,
            @ConfigProperty(name = "holdfast.broker.url", defaultValue = BrokerAddress.DEFAULT_URL) String brokerUrl,
            @ConfigProperty(name = "holdfast.broker.public-url") Optional<String> publicUrl,
            Clock clock) {
        this.producers = producers;
        this.accounts = accounts;
        this.ways = ways;
        this.broker = BrokerAddress.parse(brokerUrl);
        this.publicUrl = publicUrl;
        this.clock = clock;
    }

    /**
     * A producer that can begin.
     *
     * @param password told this once and kept nowhere
     * @param url with user and password
     * @param way how the broker's user was made
     * @param commands what an operator has to run yet; empty where all is done
     */
    public record SetUp(Producer producer, String password, String url, String way, List<String> commands) {}

    /** A producer that is gone. */
    public record TakenDown(String way, List<String> commands) {}

    public List<Producer> all() {
        return producers.all();
    }

    public Producer get(String clientId) {
        return producers
                .find(clientId)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND,
                        "there is no producer `" + clientId + "`",
                        "`holdfast producers list` shows those that there are"));
    }

    /**
     * @param tenants empty: all that the user has a role in
     * @param ratePerSecond null: 50
     */
    @Transactional
    public SetUp add(
            String clientId, String username, List<String> tenants, @Nullable Integer ratePerSecond, String createdBy) {
        if (!Producer.CLIENT_ID.matcher(clientId).matches()) {
            throw bad("the client id is `" + clientId + "`, must have 1 to 64 characters of a-z, 0-9 and -");
        }
        if (Producer.isTaken(clientId) || clientId.equals(broker.username())) {
            throw bad("`" + clientId + "` is the name of a user of Holdfast's or the broker's own");
        }
        int rate = ratePerSecond == null ? 50 : ratePerSecond;
        if (rate < 1 || rate > Producer.HIGHEST_RATE) {
            throw bad("the rate is " + rate + " requests a second, must be 1 to " + Producer.HIGHEST_RATE);
        }
        Account account = account(username);
        Producer producer = new Producer(
                clientId, clientId, account.username(), tenants(account, tenants), rate, createdBy, clock.instant());
        if (!producers.add(producer)) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "there is a producer `" + clientId + "` already",
                    "remove it first, or give it a new password with `holdfast producers rotate-password`");
        }
        String password = password();
        BrokerUsers way = way();
        return new SetUp(producer, password, url(producer, password), way.name(), way.put(producer, password));
    }

    @Transactional
    public SetUp rotatePassword(String clientId) {
        Producer producer = get(clientId);
        String password = password();
        BrokerUsers way = way();
        return new SetUp(
                producer, password, url(producer, password), way.name(), way.changePassword(producer, password));
    }

    @Transactional
    public TakenDown remove(String clientId) {
        Producer producer = get(clientId);
        producers.remove(clientId);
        BrokerUsers way = way();
        return new TakenDown(way.name(), way.remove(producer));
    }

    private BrokerUsers way() {
        return ways.stream()
                .filter(BrokerUsers::isResponsible)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no way to the broker's users"));
    }

    private Account account(String username) {
        return accounts.findByName(username, null)
                .map(Accounts.ByName::account)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND, "there is no user `" + username + "`", "create it first"));
    }

    private List<String> tenants(Account account, List<String> wanted) {
        TreeSet<String> tenants = new TreeSet<>(wanted.isEmpty() ? account.tenants() : wanted);
        if (tenants.isEmpty()) {
            throw bad("user `" + account.username() + "` has a role in no tenant, so the tenants must be named");
        }
        for (String tenant : tenants) {
            boolean exists = accounts.findByName(account.username(), tenant)
                    .map(Accounts.ByName::tenantExists)
                    .orElse(false);
            if (!exists) {
                throw new ManagerException(ErrorCode.NOT_FOUND, "there is no tenant `" + tenant + "`", null);
            }
            if (!account.isAdmin() && account.rolesIn(tenant).isEmpty()) {
                throw bad("user `" + account.username() + "` has no role in the tenant `" + tenant + "`");
            }
            if (!tenant.matches(ROUTABLE)) {
                throw bad("tenant `" + tenant + "` has characters that a routing key cannot carry");
            }
        }
        return List.copyOf(tenants);
    }

    private String password() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private String url(Producer producer, String password) {
        BrokerAddress outside = publicUrl.map(BrokerAddress::parse).orElse(broker);
        return (outside.tls() ? "amqps://" : "amqp://") + producer.brokerUser() + ":" + password + "@"
                + outside.host() + ":" + outside.port() + "/"
                + URLEncoder.encode(outside.virtualHost(), StandardCharsets.UTF_8);
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
