package io.holdfast.gateway.authentication.app;

import io.holdfast.gateway.access.Account;
import io.holdfast.gateway.access.LockPolicies;
import io.holdfast.gateway.authentication.Accounts;
import io.holdfast.gateway.authentication.Accounts.ByName;
import io.holdfast.gateway.authentication.Accounts.ByToken;
import io.holdfast.gateway.authentication.ApiToken;
import io.holdfast.gateway.authentication.Authenticated;
import io.holdfast.gateway.authentication.AuthenticationFailure;
import io.holdfast.gateway.authentication.Credentials;
import io.holdfast.gateway.authentication.Credentials.NameAndPassword;
import io.holdfast.gateway.authentication.Dispatches;
import io.holdfast.gateway.authentication.PasswordHash;
import io.holdfast.gateway.authentication.PluginErrand;
import io.holdfast.gateway.authentication.VerifiedPasswords;
import io.holdfast.http.ExecutionTokens;
import io.holdfast.http.ExecutionTokens.Claim;
import io.holdfast.http.PluginTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out who sends a request: a worker's token, then password, then token; the first that is given decides. */
@ApplicationScoped
public class Authenticate {

    private final Accounts accounts;
    private final ExecutionTokens executionTokens;
    private final PluginTokens pluginTokens;
    private final Dispatches dispatches;
    private final LockPolicies lockPolicies;
    private final Duration recordEvery;
    private final VerifiedPasswords verified;
    private final Clock clock;

    public Authenticate(
            Accounts accounts,
            ExecutionTokens executionTokens,
            PluginTokens pluginTokens,
            Dispatches dispatches,
            AuthenticationConfig config,
            LockPolicies lockPolicies,
            Clock clock) {
        this.accounts = accounts;
        this.executionTokens = executionTokens;
        this.pluginTokens = pluginTokens;
        this.dispatches = dispatches;
        this.lockPolicies = lockPolicies;
        this.recordEvery = config.loginRecordedEvery();
        this.verified = new VerifiedPasswords(randomKey(), config.verifiedFor());
        this.clock = clock;
    }

    private static byte[] randomKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return key;
    }

    /**
     * @param tenant the tenant that the request names, looked up by the way; null for none
     * @throws io.holdfast.contracts.errors.ManagerException {@code unauthorized_error} with the API's own text
     */
    public Authenticated authenticate(Credentials credentials, @Nullable String tenant) {
        String executionToken = credentials.executionToken();
        if (executionToken != null) {
            return byExecutionToken(
                    executionTokens.verify(executionToken).orElseThrow(AuthenticationFailure::invalidExecutionToken),
                    tenant);
        }
        String token = credentials.authenticationToken();
        Optional<Claim> claim = token == null ? Optional.empty() : executionTokens.verify(token);
        if (claim.isPresent()) {
            return byExecutionToken(claim.get(), tenant);
        }
        Optional<PluginTokens.Claim> plugins = token == null ? Optional.empty() : pluginTokens.verify(token);
        if (plugins.isPresent()) {
            return byPluginToken(plugins.get(), tenant);
        }
        Optional<NameAndPassword> basic = credentials.basic();
        if (basic.isPresent()) {
            Optional<ByName> found = accounts.findByName(basic.get().username(), tenant);
            if (found.isPresent()) {
                return byPassword(found.get(), basic.get().password());
            }
        }
        if (token != null) {
            return byToken(token, tenant);
        }
        throw AuthenticationFailure.nothingGiven();
    }

    private Authenticated byPassword(ByName found, String password) {
        Account account = found.account();
        Instant now = clock.instant();
        if (!account.active() || lockPolicies.current().locks(account, now)) {
            throw AuthenticationFailure.wrongCredentials(account.username());
        }
        if (!isRight(found, password, now)) {
            accounts.failedToLogIn(account.username(), now);
            throw AuthenticationFailure.wrongCredentials(account.username());
        }
        if (account.firstLoginAt() == null || account.failedLogins() > 0 || isOld(account.lastLoginAt(), now)) {
            accounts.loggedIn(account.username(), now);
        }
        return new Authenticated(account, Authenticated.HTTP_BASIC, found.tenantExists());
    }

    private boolean isRight(ByName found, String password, Instant now) {
        String hash = found.passwordHash();
        String salt = found.passwordSalt();
        if (hash == null || salt == null) {
            return false;
        }
        if (verified.knows(hash, salt, password, now)) {
            return true;
        }
        boolean right = PasswordHash.parse(hash)
                .map(parsed -> parsed.fits(password, salt))
                .orElse(false);
        if (right) {
            verified.remember(hash, salt, password, now);
        }
        return right;
    }

    /** Good in the execution's tenant, while the dispatch that it was made for is the present one and has not ended. */
    private Authenticated byExecutionToken(Claim claim, @Nullable String tenant) {
        if (tenant != null && !tenant.equals(claim.tenantName())) {
            throw AuthenticationFailure.invalidExecutionToken();
        }
        String creator = dispatches
                .find(claim.tenantName(), claim.executionId())
                .filter(dispatch -> dispatch.active() && claim.isOf(dispatch.token()))
                .map(Dispatches.Dispatch::createdBy)
                .orElseThrow(AuthenticationFailure::invalidExecutionToken);
        ByName found = accounts.findByName(creator, tenant)
                .filter(known -> known.account().active())
                .orElseThrow(AuthenticationFailure::invalidExecutionToken);
        return new Authenticated(
                found.account(), Authenticated.EXECUTION_TOKEN, found.tenantExists(), claim.executionId(), null);
    }

    /** Good in its tenant until its time is up, as long as its user may log in. */
    private Authenticated byPluginToken(PluginTokens.Claim claim, @Nullable String tenant) {
        if (tenant != null && !tenant.equals(claim.tenantName())) {
            throw AuthenticationFailure.unknownToken();
        }
        if (claim.isOver(clock.instant())) {
            throw AuthenticationFailure.expiredToken();
        }
        ByName found = accounts.findByName(claim.username(), tenant)
                .filter(known -> known.account().active())
                .orElseThrow(AuthenticationFailure::unknownToken);
        return new Authenticated(
                found.account(),
                Authenticated.PLUGIN_TOKEN,
                found.tenantExists(),
                null,
                new PluginErrand(claim.tenantName(), claim.pluginId(), claim.executionId()));
    }

    private Authenticated byToken(String text, @Nullable String tenant) {
        ApiToken token = ApiToken.parse(text).orElseThrow(AuthenticationFailure::invalidTokenStructure);
        ByToken found = accounts.findByToken(token.id(), tenant)
                .filter(known -> token.fits(known.secretHash()))
                .orElseThrow(AuthenticationFailure::unknownToken);
        Instant now = clock.instant();
        Instant expiry = found.expiresAt();
        if (expiry != null && !now.isBefore(expiry)) {
            throw AuthenticationFailure.expiredToken();
        }
        if (!found.account().active()) {
            throw AuthenticationFailure.wrongCredentials(found.account().username());
        }
        if (isOld(found.lastUsed(), now)) {
            accounts.usedToken(token.id(), now);
        }
        return new Authenticated(found.account(), Authenticated.TOKEN, found.tenantExists());
    }

    private boolean isOld(@Nullable Instant recorded, Instant now) {
        return recorded == null || recorded.plus(recordEvery).isBefore(now);
    }
}
