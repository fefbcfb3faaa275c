import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Runs one Elasticsearch node from published jars: what the distribution's own start class does, less the security
 * manager's successors, the keystore and the bootstrap checks, which a node on loopback for development does without.
 *
 * <p>Argument: the folder with elasticsearch.yml and log4j2.properties. SIGTERM closes the node in order.
 */
public final class ElasticsearchLauncher {
    private static final long CLOSE_SECONDS = 15;

    private ElasticsearchLauncher() {}

    public static void main(String[] args) {
        try {
            run(Path.of(args[0]));
        } catch (Throwable e) {
            // A node that failed half-way (a port is taken, say) has threads that would keep the process alive.
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void run(Path config) throws Exception {
        LogConfigurator.registerErrorListener();
        LogConfigurator.configureESLogging();
        Environment env =
                InternalSettingsPreparer.prepareEnvironment(Settings.EMPTY, Map.of(), config, () -> "local");
        LogConfigurator.configure(env, true);
        PluginsLoader plugins = PluginsLoader.createPluginsLoader(
                PluginsLoader.loadModulesBundles(env.modulesDir()),
                PluginsLoader.loadPluginsBundles(env.pluginsDir()),
                Map.of());
        Node node = new Node(env, plugins);
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
                node.awaitClose(CLOSE_SECONDS, TimeUnit.SECONDS);
            } catch (Exception e) {
                e.printStackTrace();
            } finally {
                closed.countDown();
            }
        }));
        node.start();
        closed.await();
    }
}
