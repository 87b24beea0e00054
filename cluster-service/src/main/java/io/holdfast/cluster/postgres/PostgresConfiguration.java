package io.holdfast.cluster.postgres;

import io.holdfast.cluster.election.SyncSetting;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The texts of a node's configuration files. They live outside the data directory, because pg_rewind and pg_basebackup copy the whole
 * data directory of another node, its configuration included.
 */
public final class PostgresConfiguration {

    /** Read last of all by the main file, each rewritten by itself. */
    public static final String SYNC_FILE = "postgres.sync.conf";

    public static final String UPSTREAM_FILE = "postgres.upstream.conf";
    public static final String ROLE_FILE = "postgres.role.conf";

    private static final Map<String, String> REQUIRED = required();

    private static final Set<String> DECIDED_AT_RUN_TIME = Set.of(
            "synchronous_standby_names",
            "primary_conninfo",
            "primary_slot_name",
            "default_transaction_read_only",
            "synchronous_commit",
            "restore_command",
            "recovery_target_timeline",
            "promote_trigger_file",
            "config_file",
            "hba_file",
            "ident_file",
            "data_directory",
            "listen_addresses",
            "port",
            "fsync",
            "full_page_writes");

    private PostgresConfiguration() {}

    /** Whether the cluster depends on a setting, so that nobody else may set it, neither here nor by ALTER SYSTEM. */
    public static boolean owns(String setting) {
        return DECIDED_AT_RUN_TIME.contains(setting) || REQUIRED.containsKey(setting);
    }

    private static Map<String, String> required() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("wal_level", "logical");
        settings.put("hot_standby", "on");
        settings.put("wal_log_hints", "on");
        settings.put("max_wal_senders", "16");
        settings.put("max_replication_slots", "16");
        settings.put("max_prepared_transactions", "0");
        // a standby that was away longer than these last is cloned anew
        settings.put("wal_keep_size", "512MB");
        settings.put("max_slot_wal_keep_size", "2GB");
        // a query on a standby must not hold up the replay that an election waits for
        settings.put("max_standby_streaming_delay", "500ms");
        settings.put("max_standby_archive_delay", "500ms");
        settings.put("hot_standby_feedback", "off");
        // the agent decides what becomes of a crashed server: never an active in place
        settings.put("restart_after_crash", "off");
        // each try is a process that loads libraries, while an election needs the processor; a new upstream is tried at
        // once
        settings.put("wal_retrieve_retry_interval", "250ms");
        settings.put("wal_receiver_timeout", "5s");
        settings.put("wal_sender_timeout", "5s");
        settings.put("wal_receiver_status_interval", "1s");
        settings.put("archive_mode", "off");
        // what a receiver of the log needs is loaded with the server and not while an election waits for the receiver
        settings.put("shared_preload_libraries", "libpqwalreceiver");
        return settings;
    }

    /** The defaults that a deployment may change with {@link PostgresSettings#extra()}. */
    private static Map<String, String> defaults() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("max_connections", "150");
        settings.put("shared_buffers", "128MB");
        settings.put("work_mem", "16MB");
        settings.put("maintenance_work_mem", "128MB");
        settings.put("max_wal_size", "1GB");
        settings.put("min_wal_size", "128MB");
        // bounds crash recovery, and how far back a rewind must read
        settings.put("checkpoint_timeout", "60s");
        if (System.getProperty("os.name", "").equals("Linux")) {
            // before it recovers, a server flushes all its files: one by one that is the longest part of a small
            // database's way back
            settings.put("recovery_init_sync_method", "syncfs");
        }
        // containers have 64 MB of /dev/shm: parallel workers would run out of it
        settings.put("dynamic_shared_memory_type", "mmap");
        // it compiles what is estimated to be long: pg_rewind's list of files took a second by that, a tenth without
        settings.put("jit", "off");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        settings.put("log_checkpoints", "off");
        settings.put("log_line_prefix", "%m [%p] %q%u@%d ");
        settings.put("tcp_keepalives_idle", "5");
        settings.put("tcp_keepalives_interval", "2");
        settings.put("tcp_keepalives_count", "3");
        return settings;
    }

    /** The main file, {@code config_file}. */
    public static String main(PostgresSettings settings, Path socketDirectory) {
        Map<String, String> all = new LinkedHashMap<>(REQUIRED);
        Map<String, String> free = defaults();
        free.putAll(settings.extra());
        all.putAll(free);
        all.put("fsync", "on");
        all.put("full_page_writes", "on");
        all.put("synchronous_commit", "on");
        all.put("password_encryption", "scram-sha-256");
        all.put("listen_addresses", settings.listenHost());
        all.put("port", Integer.toString(settings.port()));
        all.put("unix_socket_directories", socketDirectory.toString());
        all.put("unix_socket_permissions", "0700");
        all.put("cluster_name", settings.node().value());
        StringBuilder text = new StringBuilder("# written by Holdfast's agent at every start; changes are lost\n");
        all.forEach((name, value) -> text.append(line(name, value)));
        for (String file : new String[] {SYNC_FILE, UPSTREAM_FILE, ROLE_FILE}) {
            text.append("include_if_exists ")
                    .append(quote(settings.directory().resolve(file).toString()))
                    .append('\n');
        }
        return text.toString();
    }

    /** Who may connect: the agent's superuser by the Unix socket, replication and the product by TCP with a password, nobody else. */
    public static String hba(PostgresSettings settings) {
        return """
            # written by Holdfast's agent at every start; changes are lost
            local all         %1$s peer map=agent
            local replication %1$s peer map=agent
            host  replication %2$s all scram-sha-256
            host  "%3$s" %2$s all scram-sha-256
            host  "%3$s" %1$s all reject
            host  "%3$s" all all scram-sha-256
            """.formatted(PostgresSettings.AGENT_ROLE, PostgresSettings.REPLICATION_ROLE, settings.database());
    }

    /** @param systemUsers names of the operating system's users that are the agent: its own, and the one PostgreSQL runs as */
    public static String ident(Set<String> systemUsers) {
        return systemUsers.stream()
                .sorted()
                .map(user -> "agent \"" + user + "\" " + PostgresSettings.AGENT_ROLE + "\n")
                .collect(Collectors.joining());
    }

    public static String sync(SyncSetting setting) {
        return line("synchronous_standby_names", setting.synchronousStandbyNames());
    }

    /** Commits wait for a standby that does not exist: {@code ~} is in no node's name. */
    public static String syncByNobody() {
        return line("synchronous_standby_names", "ANY 1 (\"~nobody\")");
    }

    /** Streams from nobody: a fence, as it holds across restarts. */
    public static String noUpstream() {
        return line("primary_conninfo", "");
    }

    /**
     * @param name that the active counts this standby by
     * @param passwordFile read at each connection, so that an empty one is a fence for a receiver that starts late
     */
    public static String upstream(Upstream upstream, String name, Path passwordFile) {
        return line(
                "primary_conninfo",
                connection(upstream, passwordFile) + " application_name=" + name
                        + " sslmode=prefer gssencmode=disable connect_timeout=2 keepalives_idle=2 keepalives_interval=1"
                        + " keepalives_count=3 tcp_user_timeout=3000");
    }

    /** The slot on the active that a standby streams by; empty for none. */
    public static String slot(String name) {
        return line("primary_slot_name", name);
    }

    /** How a tool of PostgreSQL reaches another node as the replication role, without a database's name. */
    public static String connection(Upstream upstream, Path passwordFile) {
        return "host=" + connectionValue(upstream.host()) + " port=" + upstream.port() + " user="
                + PostgresSettings.REPLICATION_ROLE + " passfile=" + connectionValue(passwordFile.toString());
    }

    /** The one line of a password file: any server, any database, the replication role. */
    public static String passwordFile(PostgresSettings settings) {
        return "*:*:*:" + PostgresSettings.REPLICATION_ROLE + ":"
                + settings.replicationPassword().replace("\\", "\\\\").replace(":", "\\:") + "\n";
    }

    public static String readOnly(boolean on) {
        return line("default_transaction_read_only", on ? "on" : "off");
    }

    /** Leaves out of a {@code postgresql.auto.conf} what the cluster owns: that file is read last and would win. */
    public static String withoutOwned(String autoConf) {
        return autoConf.lines()
                .filter(line -> !owns(line.strip().split("[\\s=]", 2)[0]))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static String line(String name, String value) {
        return name + " = " + quote(value) + "\n";
    }

    private static String quote(String value) {
        if (value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a PostgreSQL setting is one line: " + value);
        }
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    private static String connectionValue(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
