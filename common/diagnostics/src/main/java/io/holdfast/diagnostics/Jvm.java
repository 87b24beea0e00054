package io.holdfast.diagnostics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.MonitorInfo;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.RuntimeMXBean;
import java.lang.management.ThreadInfo;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;

/** Threads, memory and disks of this JVM, as they are at the moment. */
final class Jvm {

    private Jvm() {}

    /** All stacks, with what each waits for and who has it. */
    static String threads() {
        StringBuilder dump = new StringBuilder();
        ThreadInfo[] threads = ManagementFactory.getThreadMXBean().dumpAllThreads(true, true);
        Arrays.sort(threads, Comparator.comparing(ThreadInfo::getThreadName).thenComparing(ThreadInfo::getThreadId));
        for (ThreadInfo thread : threads) {
            append(dump, thread);
        }
        long[] deadlocked = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
        dump.append(threads.length).append(" threads; deadlocked: ");
        dump.append(deadlocked == null ? "none" : Arrays.toString(deadlocked)).append('\n');
        return dump.toString();
    }

    private static void append(StringBuilder dump, ThreadInfo thread) {
        dump.append('"').append(thread.getThreadName()).append("\" #").append(thread.getThreadId());
        dump.append(thread.isDaemon() ? " daemon " : " ").append(thread.getThreadState());
        if (thread.getLockName() != null) {
            dump.append(" on ").append(thread.getLockName());
        }
        if (thread.getLockOwnerName() != null) {
            dump.append(" held by \"")
                    .append(thread.getLockOwnerName())
                    .append("\" #")
                    .append(thread.getLockOwnerId());
        }
        dump.append('\n');
        StackTraceElement[] stack = thread.getStackTrace();
        for (int depth = 0; depth < stack.length; depth++) {
            dump.append("    at ").append(stack[depth]).append('\n');
            for (MonitorInfo monitor : thread.getLockedMonitors()) {
                if (monitor.getLockedStackDepth() == depth) {
                    dump.append("    - locked ").append(monitor).append('\n');
                }
            }
        }
        dump.append('\n');
    }

    /** Version, uptime, memory, collections, load. Options that set properties are left out: they may be secrets. */
    static ObjectNode runtime() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        json.put("java", runtime.getVmName() + " " + Runtime.version());
        json.put("system", system.getName() + " " + system.getVersion() + " " + system.getArch());
        json.put("pid", runtime.getPid());
        json.put("started_at", Instant.ofEpochMilli(runtime.getStartTime()).toString());
        json.put("uptime_seconds", runtime.getUptime() / 1000);
        var options = json.putArray("options");
        runtime.getInputArguments().stream()
                .filter(option -> !option.startsWith("-D"))
                .forEach(options::add);
        json.put("processors", system.getAvailableProcessors());
        json.put("load_average", system.getSystemLoadAverage());
        if (system instanceof com.sun.management.OperatingSystemMXBean machine) {
            json.put("machine_memory_bytes", machine.getTotalMemorySize());
            json.put("machine_memory_free_bytes", machine.getFreeMemorySize());
        }
        json.set("heap", usage(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage()));
        json.set("non_heap", usage(ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage()));
        ObjectNode pools = json.putObject("pools");
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            pools.set(pool.getName(), usage(pool.getUsage()));
        }
        ObjectNode collectors = json.putObject("collections");
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collectors
                    .putObject(collector.getName())
                    .put("count", collector.getCollectionCount())
                    .put("millis", collector.getCollectionTime());
        }
        return json;
    }

    /** What is free where {@code directory} is. */
    static ObjectNode disk(Path directory) throws IOException {
        FileStore store = Files.getFileStore(directory);
        return JsonNodeFactory.instance
                .objectNode()
                .put("directory", directory.toString())
                .put("file_system", store.type())
                .put("total_bytes", store.getTotalSpace())
                .put("usable_bytes", store.getUsableSpace());
    }

    private static ObjectNode usage(MemoryUsage usage) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("used_bytes", usage.getUsed())
                .put("committed_bytes", usage.getCommitted())
                .put("max_bytes", usage.getMax());
    }
}
