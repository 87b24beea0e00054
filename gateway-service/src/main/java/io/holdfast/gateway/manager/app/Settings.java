package io.holdfast.gateway.manager.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.LockPolicies;
import io.holdfast.gateway.access.LockPolicy;
import io.holdfast.gateway.access.app.LockConfig;
import io.holdfast.gateway.manager.KeptSettings;
import io.holdfast.gateway.manager.KeptSettings.Kept;
import io.holdfast.gateway.manager.Setting;
import io.holdfast.gateway.manager.SettingSchema;
import io.holdfast.listing.ListRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The settings that clients read, with their present values: of the configuration, or as they were changed over the API. */
@ApplicationScoped
public class Settings implements LockPolicies {

    private static final String REST = "rest";
    /** What workers read before they run a workflow. */
    public static final String WORKFLOW = "workflow";

    private static final String ALLOWED_FAILURES = "failed_logins_before_account_lock";
    private static final String LOCK_MINUTES = "account_lock_period";

    /** Asked for with every password; others that keep a change see it here within that time. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final List<Setting> configured;
    private final LockPolicy configuredPolicy;
    private final KeptSettings kept;
    private final Clock clock;
    private volatile @Nullable Known known;

    public Settings(ManagerConfig config, LockConfig locks, KeptSettings kept, Clock clock) {
        this.configuredPolicy = locks.policy();
        this.kept = kept;
        this.clock = clock;
        long lockMinutes = configuredPolicy.period().toMinutes();
        SettingSchema orMinusOne = SettingSchema.integer(-1);
        SettingSchema atLeastOne = SettingSchema.integer(1);
        this.configured = List.of(
                fixed(REST, "default_page_size", ListRequest.DEFAULT_SIZE),
                number(REST, ALLOWED_FAILURES, configuredPolicy.allowedFailures(), atLeastOne),
                number(REST, LOCK_MINUTES, lockMinutes > 0 ? lockMinutes : -1, orMinusOne),
                fixed(REST, "insecure_endpoints_disabled", true),
                number(REST, "blueprint_folder_max_size_mb", 50, atLeastOne),
                number(REST, "blueprint_folder_max_files", 10_000, atLeastOne),
                fixed(REST, "public_ip", config.address()),
                number(WORKFLOW, "task_retries", 60, orMinusOne),
                number(WORKFLOW, "task_retry_interval", 15, SettingSchema.number(0)),
                number(WORKFLOW, "subgraph_retries", 0, orMinusOne));
    }

    private record Known(List<Setting> settings, Instant until) {}

    private static Setting fixed(String scope, String name, Object value) {
        return new Setting(scope, name, value, null, null);
    }

    private static Setting number(String scope, String name, long value, SettingSchema schema) {
        return new Setting(scope, name, value, schema, null);
    }

    /** All of them, in the same order each time. */
    public List<Setting> all() {
        Instant now = clock.instant();
        Known read = known;
        if (read != null && now.isBefore(read.until())) {
            return read.settings();
        }
        List<Kept> changes = kept.all();
        List<Setting> present = configured.stream()
                .map(setting -> changes.stream()
                        .filter(change -> setting.editable()
                                && change.scope().equals(setting.scope())
                                && change.name().equals(setting.name()))
                        .findFirst()
                        .map(setting::with)
                        .orElse(setting))
                .toList();
        known = new Known(present, now.plus(FRESH));
        return present;
    }

    /**
     * @param name with or without {@code scope.}
     * @throws ManagerException NOT_FOUND
     */
    public Setting get(String name) {
        return all().stream()
                .filter(setting -> setting.isNamed(name))
                .findFirst()
                // The existing API says no more than this.
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND,
                        name.substring(name.lastIndexOf('.') + 1),
                        "GET /config lists the settings"));
    }

    /**
     * Keeps another value, which counts here at once. No transaction: it is one statement, and what is known here must be forgotten after
     * its commit.
     *
     * @param sent a number, or a text that holds one
     * @throws ManagerException NOT_FOUND; CONFLICT where it is not editable or its schema refuses the value
     */
    public Setting change(String name, @Nullable Object sent, String changedBy) {
        Setting setting = get(name);
        SettingSchema schema = setting.schema();
        if (schema == null) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    setting.name() + " is not editable",
                    "it is set in the manager's own configuration, see docs/configuration.md");
        }
        Object value = schema.read(sent);
        Optional<String> violation = schema.violation(value);
        if (violation.isPresent() || value == null) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "Error validating " + name + ": " + violation.orElse("None is no value"),
                    "expected is a value of type " + schema.type() + ", at least " + schema.minimum());
        }
        Kept change = new Kept(setting.scope(), setting.name(), value, changedBy, clock.instant());
        kept.keep(change);
        known = null;
        return setting.with(change);
    }

    @Override
    public LockPolicy current() {
        LockPolicy policy = configuredPolicy;
        for (Setting setting : all()) {
            if (setting.kept() != null && setting.scope().equals(REST)) {
                policy = switch (setting.name()) {
                    case ALLOWED_FAILURES -> new LockPolicy(number(setting), policy.period());
                    case LOCK_MINUTES -> new LockPolicy(policy.allowedFailures(), Duration.ofMinutes(number(setting)));
                    default -> policy;
                };
            }
        }
        return policy;
    }

    /** Beyond what an {@code int} holds, as much as it holds: as good as for ever. */
    private static int number(Setting setting) {
        return new BigDecimal(setting.value().toString())
                .min(BigDecimal.valueOf(Integer.MAX_VALUE))
                .intValue();
    }
}
