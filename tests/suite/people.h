/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The models that most programs of the suite work with: teams, their members and badges; and tables whose keys are
 * something else than an automatic number. */
#pragma once

#include "../lib/suite.h"

typedef enum { LEVEL_NEW, LEVEL_KNOWN, LEVEL_OLD } Level;
static const char *const levels[] = { "new", "known", "old hand", NULL };

typedef struct Team Team;
typedef struct {
  gint64 id;
  CormOptInt64 team_id;
  const char *motto;
  Team *team;
} Badge;

struct Team {
  gint64 id;
  const char *name;
  CormRows *members;
  Badge *badge;
};

typedef struct {
  gint64 id;
  const char *name;
  const char *email;
  Level level;
  gint32 score;
  double weight;
  CormTimestamp joined;
  CormOptInt64 team_id;
  Team *team;
} Member;

/* A key of two columns. */
typedef struct {
  gint32 room;
  gint32 number;
  const char *holder;
  CormOptInt32 price;
} Seat;

typedef struct {
  CormUuid id;
  const char *label;
} Tag;

typedef struct {
  const char *word;
  gint64 count;
} Word;

/* Nothing that a program would set. */
typedef struct {
  gint64 id;
} Ticket;

CORM_DECLARE_MODEL (Badge, badge)
CORM_DECLARE_MODEL (Team, team)
CORM_DECLARE_MODEL (Member, member)
CORM_DECLARE_MODEL (Seat, seat)
CORM_DECLARE_MODEL (Tag, tag)
CORM_DECLARE_MODEL (Word, word)
CORM_DECLARE_MODEL (Ticket, ticket)

static const CormColumn badge_columns[] = {
  CORM_COLUMN (Badge, id, .primary_key = true),
  CORM_COLUMN (Badge, team_id, .unique = true, .references = "teams.id", .on_delete = CORM_CASCADE),
  CORM_COLUMN (Badge, motto),
};
static const CormRelation badge_relations[] = { CORM_BELONGS_TO (Badge, team, Team, team_id) };
const CormModel Badge_model =
    CORM_MODEL (Badge, "badges", CORM_COLUMNS (badge_columns), CORM_RELATIONS (badge_relations));

static const CormColumn team_columns[] = {
  CORM_COLUMN (Team, id, .primary_key = true),
  CORM_COLUMN (Team, name, .not_null = true, .unique = true, .max_length = 40),
};
static const CormRelation team_relations[] = { CORM_HAS_MANY (Team, members, Member, team_id),
                                               CORM_HAS_ONE (Team, badge, Badge, team_id) };
const CormModel Team_model =
    CORM_MODEL (Team, "teams", CORM_COLUMNS (team_columns), CORM_RELATIONS (team_relations));

static const CormColumn member_columns[] = {
  CORM_COLUMN (Member, id, .primary_key = true),
  CORM_COLUMN (Member, name, .not_null = true, .max_length = 20),
  CORM_COLUMN (Member, email, .unique = true, .max_length = 60),
  CORM_COLUMN (Member, level, .labels = levels),
  CORM_COLUMN (Member, score, .check = "score >= 0"),
  CORM_COLUMN (Member, weight),
  CORM_COLUMN (Member, joined, .default_sql = CORM_NOW),
  CORM_COLUMN (Member, team_id, .references = "teams.id"),
};
static const CormRelation member_relations[] = { CORM_BELONGS_TO (Member, team, Team, team_id) };
const CormModel Member_model =
    CORM_MODEL (Member, "members", CORM_COLUMNS (member_columns), CORM_RELATIONS (member_relations));

static const CormColumn seat_columns[] = {
  CORM_COLUMN (Seat, room, .primary_key = true),
  CORM_COLUMN (Seat, number, .primary_key = true),
  CORM_COLUMN (Seat, holder),
  CORM_COLUMN (Seat, price, .default_value = "7"),
};
const CormModel Seat_model = CORM_MODEL (Seat, "seats", CORM_COLUMNS (seat_columns));

static const CormColumn tag_columns[] = {
  CORM_COLUMN (Tag, id, .primary_key = true),
  CORM_COLUMN (Tag, label),
};
const CormModel Tag_model = CORM_MODEL (Tag, "tags", CORM_COLUMNS (tag_columns));

static const CormColumn word_columns[] = {
  CORM_COLUMN (Word, word, .primary_key = true, .max_length = 60),
  CORM_COLUMN (Word, count),
};
const CormModel Word_model = CORM_MODEL (Word, "words", CORM_COLUMNS (word_columns));

static const CormColumn ticket_columns[] = { CORM_COLUMN (Ticket, id, .primary_key = true) };
const CormModel Ticket_model = CORM_MODEL (Ticket, "tickets", CORM_COLUMNS (ticket_columns));

static const CormModel *const people[] = { &Badge_model, &Team_model, &Member_model, &Seat_model,
                                           &Tag_model,   &Word_model, &Ticket_model, NULL };

static inline G_GNUC_UNUSED gint64
add_team (CormConnection *conn, const char *name)
{
  Team team = { .name = name };
  assert_ok (team_insert (conn, &team, error));
  return team.id;
}

/* @team 0: of no team. */
static inline G_GNUC_UNUSED gint64
add_member (CormConnection *conn, const char *name, gint32 score, gint64 team)
{
  Member member = { .name = name, .score = score, .team_id = { .is_set = team != 0, .value = team } };
  assert_ok (member_insert (conn, &member, error));
  return member.id;
}
