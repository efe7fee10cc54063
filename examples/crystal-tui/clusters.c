/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Commands about clusters, and about the jobs that run on them. */
#include "crystal.h"

#include <json-glib/json-glib.h>

enum { SSH_PORT = 22, LAST_PORT = 65535 };

static int port = -1;
static gint64 job_id;
static char *config, *status, *type, *hostname, *queue, *nodes, *out, *err, *metadata;

/* Where a key lies may be written down; what opens it may not. */
static gboolean
check_config (const char *json, GError **error)
{
  g_autoptr (JsonNode) root = json_from_string (json, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--config: '%s' is no JSON object", json);
  else if (json_object_has_member (json_node_get_object (root), "password"))
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "--config: no passwords in a database; say where the key is: {\"key_file\": …}");
  else
    return TRUE;
  return FALSE;
}

/* --- create-cluster NAME TYPE HOSTNAME USERNAME, update-cluster ID ------------------------------------------------- */

static const GOptionEntry create_options[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &port, "Of ssh (22)", "N" },
  { "config", 0, 0, G_OPTION_ARG_STRING, &config, "How to connect, without passwords ({})", "JSON" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};
static const GOptionEntry update_options[] = {
  { "status", 0, 0, G_OPTION_ARG_STRING, &status, "active, inactive or error", "STATUS" },
  { "hostname", 0, 0, G_OPTION_ARG_STRING, &hostname, "Its new name", "HOST" },
  { "port", 0, 0, G_OPTION_ARG_INT, &port, "Of ssh", "N" },
  { "config", 0, 0, G_OPTION_ARG_STRING, &config, "How to connect, without passwords", "JSON" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
check_port (GError **error)
{
  if (port == -1 || (port >= 1 && port <= LAST_PORT))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--port: %d is none of 1 to %d", port,
               LAST_PORT);
  return FALSE;
}

static gboolean
create_cluster (Crystal *crystal, GError **error)
{
  guint word;
  char **args = crystal->args;
  Cluster cluster = {
    .name = args[0], .hostname = args[2], .username = args[3], .port = port != -1 ? port : SSH_PORT
  };
  cluster.connection_config.text = config != NULL ? config : "{}";
  if (!crystal_read_word (args[1], cluster_types, &word, error) || !check_port (error) ||
      !check_config (cluster.connection_config.text, error))
    return FALSE;
  cluster.type = word;
  if (!cluster_insert (crystal->conn, &cluster, error))
    return FALSE;
  g_print ("%" G_GINT64_FORMAT "\n", cluster.id);
  return TRUE;
}

static gboolean
update_cluster (Crystal *crystal, GError **error)
{
  gint64 id;
  guint word;
  if (!crystal_read_id (crystal->args[0], &id, error) || !check_port (error) ||
      (config != NULL && !check_config (config, error)))
    return FALSE;
  g_autoptr (Cluster) cluster = corm_get (Cluster, crystal->conn, error, .id = id);
  if (cluster == NULL)
    return FALSE;
  if (status != NULL) {
    if (!crystal_read_word (status, cluster_statuses, &word, error))
      return FALSE;
    cluster->status = word;
  }
  if (hostname != NULL)
    cluster->hostname = hostname;
  if (port != -1)
    cluster->port = port;
  if (config != NULL)
    cluster->connection_config.text = config;
  return corm_update (Cluster, crystal->conn, cluster, error, status, hostname, port, connection_config);
}

/* --- clusters, cluster ID --------------------------------------------------------------------------------------------- */

static const GOptionEntry list_options[] = {
  { "status", 0, 0, G_OPTION_ARG_STRING, &status, "active, inactive or error", "STATUS" },
  { "type", 0, 0, G_OPTION_ARG_STRING, &type, "ssh or slurm", "TYPE" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
list_clusters (Crystal *crystal, GError **error)
{
  guint word;
  g_autoptr (CormQuery) query = corm_query_new (&Cluster_model);
  if (status != NULL) {
    if (!crystal_read_word (status, cluster_statuses, &word, error))
      return FALSE;
    corm_query_where (query, CORM_EQ (Cluster, status, word));
  }
  if (type != NULL) {
    if (!crystal_read_word (type, cluster_types, &word, error))
      return FALSE;
    corm_query_where (query, CORM_EQ (Cluster, type, word));
  }
  corm_query_order (query, (CormOrder) CORM_ASC (Cluster, id));
  g_autoptr (CormRows) clusters = corm_query_find (query, crystal->conn, error);
  CORM_FOREACH (Cluster, cluster, clusters)
    g_print ("%" G_GINT64_FORMAT "\t%s\t%s\t%s\t%s@%s:%d\n", cluster->id, cluster_statuses[cluster->status],
             cluster->name, cluster_types[cluster->type], cluster->username, cluster->hostname,
             cluster->port);
  return clusters != NULL;
}

static gboolean
show_cluster (Crystal *crystal, GError **error)
{
  gint64 id;
  if (!crystal_read_id (crystal->args[0], &id, error))
    return FALSE;
  g_autoptr (Cluster) cluster = corm_get (Cluster, crystal->conn, error, .id = id);
  g_autofree char *json = cluster != NULL ? corm_to_json (Cluster, cluster, NULL, error) : NULL;
  if (json != NULL)
    g_print ("%s\n", json);
  return json != NULL;
}

/* --- delete-cluster ID, clean-clusters -------------------------------------------------------------------------------- */

/* In one statement with the look at the jobs: none can come in between. @id 0: all. */
static gboolean
delete_unused (CormConnection *conn, gint64 id, guint64 *n_deleted, GError **error)
{
  g_autoptr (CormQuery) jobs = corm_query_new (&Job_model), remote = corm_query_new (&RemoteJob_model);
  g_autoptr (CormQuery) unused = corm_query_new (&Cluster_model);
  corm_query_where (jobs, CORM_EQUAL (CORM_COL (Job, cluster_id), CORM_COL (Cluster, id)));
  corm_query_where (remote, CORM_EQUAL (CORM_COL (RemoteJob, cluster_id), CORM_COL (Cluster, id)));
  corm_query_where (unused, CORM_NOT (CORM_ANY (CORM_EXISTS (jobs), CORM_EXISTS (remote))));
  if (id != 0)
    corm_query_where (unused, CORM_EQ (Cluster, id, id));
  return corm_query_delete (unused, conn, n_deleted, error);
}

static gboolean
delete_cluster (Crystal *crystal, GError **error)
{
  gint64 id;
  guint64 n = 0;
  if (!crystal_read_id (crystal->args[0], &id, error) || !delete_unused (crystal->conn, id, &n, error))
    return FALSE;
  if (n == 1)
    return TRUE;
  g_autoptr (Cluster) cluster = corm_get (Cluster, crystal->conn, error, .id = id);
  if (cluster != NULL)
    g_set_error (error, CORM_ERROR, CORM_ERROR_FOREIGN_KEY,
                 "cluster %s has jobs; \"jobs --cluster %" G_GINT64_FORMAT "\" and \"remote-jobs\" list them",
                 cluster->name, id);
  return FALSE;
}

static gboolean
clean_clusters (Crystal *crystal, GError **error)
{
  guint64 n = 0;
  if (!delete_unused (crystal->conn, 0, &n, error))
    return FALSE;
  g_print ("%" G_GUINT64_FORMAT " deleted\n", n);
  return TRUE;
}

/* --- create-remote-job JOB CLUSTER HANDLE WORK_DIR, remote-jobs -------------------------------------------------------- */

static const GOptionEntry remote_options[] = {
  { "queue", 0, 0, G_OPTION_ARG_STRING, &queue, "The queue that it waits in", "NAME" },
  { "nodes", 0, 0, G_OPTION_ARG_STRING, &nodes, "The nodes that it runs on", "LIST" },
  { "stdout", 0, 0, G_OPTION_ARG_STRING, &out, "Where its output goes", "PATH" },
  { "stderr", 0, 0, G_OPTION_ARG_STRING, &err, "Where its errors go", "PATH" },
  { "metadata", 0, 0, G_OPTION_ARG_STRING, &metadata, "What else the cluster says", "JSON" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
create_remote_job (Crystal *crystal, GError **error)
{
  char **args = crystal->args;
  RemoteJob remote = { .remote_handle = args[2],
                       .working_directory = args[3],
                       .queue_name = queue,
                       .node_list = nodes,
                       .stdout_path = out,
                       .stderr_path = err };
  remote.submission_time = (CormOptTimestamp) CORM_SOME (corm_timestamp_now ());
  remote.metadata.text = metadata;
  if (!crystal_check_json ("metadata", metadata, error) ||
      !crystal_read_id (args[0], &remote.job_id, error) ||
      !crystal_read_id (args[1], &remote.cluster_id, error) ||
      !remote_job_insert (crystal->conn, &remote, error))
    return FALSE;
  g_print ("%" G_GINT64_FORMAT "\n", remote.id);
  return TRUE;
}

static const GOptionEntry remote_list_options[] = {
  { "job", 0, 0, G_OPTION_ARG_INT64, &job_id, "Those of one job", "ID" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
list_remote_jobs (Crystal *crystal, GError **error)
{
  g_autoptr (CormQuery) query = corm_query_new (&RemoteJob_model);
  if (job_id != 0)
    corm_query_where (query, CORM_EQ (RemoteJob, job_id, job_id));
  corm_query_order (query, (CormOrder) CORM_ASC (RemoteJob, id));
  g_autoptr (CormRows) rows = corm_query_find (query, crystal->conn, error);
  CORM_FOREACH (RemoteJob, remote, rows) {
    g_autofree char *json = corm_to_json (RemoteJob, remote, NULL, error);
    if (json == NULL)
      return FALSE;
    g_print ("%s\n", json);
  }
  return rows != NULL;
}

const CrystalCommand cluster_commands[] = {
  { .name = "create-cluster",
    .arguments = "NAME TYPE HOSTNAME USERNAME",
    .summary = "Print the new cluster's id; TYPE is ssh or slurm",
    .n_args = 4,
    .options = create_options,
    .run = create_cluster },
  { .name = "cluster", .arguments = "ID", .summary = "A cluster as JSON", .n_args = 1, .run = show_cluster },
  { .name = "clusters",
    .summary = "Id, status, name, type and address of each",
    .options = list_options,
    .run = list_clusters },
  { .name = "update-cluster",
    .arguments = "ID",
    .summary = "Mark it as inactive, move it",
    .n_args = 1,
    .options = update_options,
    .run = update_cluster },
  { .name = "delete-cluster",
    .arguments = "ID",
    .summary = "Only one without jobs",
    .n_args = 1,
    .run = delete_cluster },
  { .name = "clean-clusters", .summary = "Delete all that have no jobs", .run = clean_clusters },
  { .name = "create-remote-job",
    .arguments = "JOB CLUSTER HANDLE WORK_DIR",
    .summary = "A job was handed to a cluster; HANDLE is its process or job there",
    .n_args = 4,
    .options = remote_options,
    .run = create_remote_job },
  { .name = "remote-jobs",
    .summary = "What was handed to clusters, a line of JSON each",
    .options = remote_list_options,
    .run = list_remote_jobs },
  { 0 },
};
