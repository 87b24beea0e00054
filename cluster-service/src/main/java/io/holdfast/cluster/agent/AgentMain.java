package io.holdfast.cluster.agent;

import io.holdfast.cluster.agent.loop.Rehearsal;
import io.holdfast.cluster.agent.process.Agent;
import io.holdfast.cluster.agent.process.AgentClasses;
import io.holdfast.cluster.agent.process.AgentLog;
import io.holdfast.cluster.election.Settings;
import io.holdfast.contracts.errors.ManagerException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The agent's process: {@code AgentMain --config FILE}. Runs until it gets SIGTERM, which ends PostgreSQL too.
 *
 * <p>{@code AgentMain --rehearse} only loads classes, plays elections in memory and ends: with {@code -XX:ArchiveClassesAtExit} it leaves an archive of
 * classes from which agents start sooner.
 */
public final class AgentMain {

    private static final Logger LOG = logger();

    /** Of a start that was refused. */
    private static final int REFUSED = 2;

    /** Of an agent that could not go on; whoever started it should start it again. */
    private static final int FATAL = 70;

    private AgentMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        AgentLog.toConsole();
        if (arguments.length == 1 && arguments[0].equals("--rehearse")) {
            int classes = AgentClasses.load();
            LOG.info("loaded " + classes + " classes, rehearsed elections up to epoch "
                    + Rehearsal.play(Settings.DEFAULT));
            return;
        }
        if (arguments.length != 2 || !arguments[0].equals("--config")) {
            LOG.severe("usage: AgentMain --config FILE, or AgentMain --rehearse; FILE is a node's agent.properties");
            System.exit(REFUSED);
        }
        try {
            AgentSettings settings = AgentSettings.read(Path.of(arguments[1]));
            AgentLog.toDirectory(settings.nodeDirectory().resolve("log"));
            Agent agent = Agent.start(settings, Clock.systemUTC(), AgentMain::end);
            CountDownLatch ended = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                agent.close();
                ended.countDown();
            }));
            LOG.info("the agent of " + settings.self() + " works; databases at 127.0.0.1:" + agent.routerPort());
            ended.await();
        } catch (AgentRefused e) {
            LOG.log(Level.SEVERE, "the agent does not start: " + e.getMessage());
            LOG.log(Level.FINE, "cause", e);
            System.exit(REFUSED);
        } catch (ManagerException e) {
            LOG.log(
                    Level.SEVERE,
                    "the agent does not start: " + e.getMessage() + (e.hint() == null ? "" : "; " + e.hint()));
            System.exit(REFUSED);
        } catch (RuntimeException e) {
            end(e);
        }
    }

    /** The manager's libraries bring a log manager that has to be named before the first logger is made. */
    private static Logger logger() {
        String manager = "org.jboss.logmanager.LogManager";
        if (AgentMain.class.getClassLoader().getResource(manager.replace('.', '/') + ".class") != null) {
            System.setProperty("java.util.logging.manager", manager);
        }
        return Logger.getLogger(AgentMain.class.getName());
    }

    private static void end(Throwable cause) {
        LOG.log(
                Level.SEVERE,
                "the agent cannot go on and ends; PostgreSQL runs on until the next one takes it over",
                cause);
        Runtime.getRuntime().halt(FATAL);
    }
}
