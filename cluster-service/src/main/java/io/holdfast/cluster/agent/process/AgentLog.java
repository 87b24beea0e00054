package io.holdfast.cluster.agent.process;

import io.holdfast.cluster.agent.AgentRefused;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Where the agent's log goes: a line for each fact, the time in UTC. */
public final class AgentLog {

    private static final int MAX_BYTES = 20 * 1024 * 1024;
    private static final int FILES = 5;

    /** Loggers are collected as garbage if nobody holds them. */
    private static final Logger ROOT = Logger.getLogger("");

    private AgentLog() {}

    /** Standard error gets errors only once there is a file. */
    public static void toConsole() {
        for (Handler handler : ROOT.getHandlers()) {
            ROOT.removeHandler(handler);
        }
        ConsoleHandler console = new ConsoleHandler();
        console.setFormatter(new Line());
        ROOT.addHandler(console);
        // Another log manager on the class path lets everything through, and the driver writes a dozen lines for each
        // probe.
        ROOT.setLevel(Level.INFO);
        String level = System.getProperty("holdfast.log.level", "INFO");
        Level parsed = level.equalsIgnoreCase("DEBUG") ? Level.FINE : Level.INFO;
        Logger.getLogger("io.holdfast").setLevel(parsed);
    }

    /** {@code agent.0.log} is the newest. */
    public static void toDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
            String pattern = directory.toString().replace("%", "%%") + "/agent.%g.log";
            FileHandler handler = new FileHandler(pattern, MAX_BYTES, FILES, true);
            handler.setFormatter(new Line());
            handler.setLevel(Level.ALL);
            ROOT.addHandler(handler);
        } catch (IOException e) {
            throw new AgentRefused("cannot write the log in " + directory + ": " + e, e);
        }
    }

    private static final class Line extends Formatter {

        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

        @Override
        public String format(LogRecord line) {
            String from = line.getLoggerName() == null
                    ? ""
                    : line.getLoggerName().substring(line.getLoggerName().lastIndexOf('.') + 1);
            StringBuilder text = new StringBuilder();
            text.append(TIME.format(line.getInstant())).append(' ');
            text.append(line.getLevel().getName()).append(" [").append(from).append("] ");
            text.append(formatMessage(line)).append('\n');
            if (line.getThrown() != null) {
                StringWriter trace = new StringWriter();
                line.getThrown().printStackTrace(new PrintWriter(trace));
                text.append(trace);
            }
            return text.toString();
        }
    }
}
